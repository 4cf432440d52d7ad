import { findTensorflow, tensorflowPlaces } from '../../src/engines/find-tensorflow.ts'

/** The engines that tests run on; `tensorflow` only where it is installed or `IM_IAD_TENSORFLOW` names a folder that has it. */
export const HAS_TENSORFLOW: boolean = findTensorflow(tensorflowPlaces()) !== null

/** Says plainly, once in a file, that a part was not tested. */
export function sayTensorflowIsMissing(): void {
  if (!HAS_TENSORFLOW)
    process.stderr.write(
      'NOT TESTED: the tensorflow engine; neither this project nor IM_IAD_TENSORFLOW has @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node\n',
    )
}

export const TESTED_ENGINES: readonly string[] = ['onnxruntime', 'wasm', 'cpu', ...(HAS_TENSORFLOW ? ['tensorflow'] : [])]
