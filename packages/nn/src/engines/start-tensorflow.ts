import { createRequire } from 'node:module'
import util from 'node:util'
import { deviceUnavailable, engineDoesNotStart, tensorflowNotInstalled } from './engine-errors.ts'
import type { TensorEngine } from './engine-request.ts'
import { findTensorflow, TENSORFLOW_PACKAGES, tensorflowPlaces } from './find-tensorflow.ts'
import type { StartOptions } from './open-engine.ts'
import { acceptExplicitPadding } from './tensorflow-padding.ts'

/**
 * TensorFlow's kernels, through the user's own `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`. It registers its backend with the global state that all copies of
 * TensorFlow.js in a process share, so it need not be the copy that im-iad uses.
 */
export async function startTensorflow(tf: TensorEngine, { device, threads }: StartOptions): Promise<void> {
  const places = tensorflowPlaces()
  const found = findTensorflow(places)
  if (found === null) throw tensorflowNotInstalled(TENSORFLOW_PACKAGES, places)
  prepareProcess(device === 'cpu', threads)
  try {
    createRequire(import.meta.url)(found.entry)
    if (!(await tf.setBackend('tensorflow'))) throw new Error('the backend did not start')
  } catch (error) {
    throw engineDoesNotStart('tensorflow', error)
  }
  if (device === 'cuda' && !usesGpu(tf)) throw deviceUnavailable('tensorflow', device, `${found.package} ${found.version} finds no GPU`)
  acceptExplicitPadding(tf)
}

function prepareProcess(hideGpus: boolean, threads: number | null): void {
  // Node 23 removed it; TensorFlow's package still calls it.
  const legacy: { isNullOrUndefined?: (value: unknown) => boolean } = util
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined
  // Set by the user they stay; TensorFlow reads them when it is loaded.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  if (hideGpus) process.env['CUDA_VISIBLE_DEVICES'] ??= '-1'
  if (threads !== null) {
    process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads)
    process.env['TF_NUM_INTEROP_THREADS'] ??= '1'
  }
}

function usesGpu(tf: TensorEngine): boolean {
  const backend = tf.backend()
  return 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true
}
