import { describeRuntime } from '@im-iad/onnx'
import { engineCounters } from '@im-iad/tfjs-onnxruntime'
import type { TensorEngine } from './engine-request.ts'
import { findTensorflow, tensorflowPlaces } from './find-tensorflow.ts'

/** The libraries behind the current engine, with their versions. */
export async function readEngineVersion(tf: TensorEngine): Promise<string> {
  return [...(await nativeLibraries(tf.getBackend())), `TensorFlow.js ${tf.version_core}`].join(', ')
}

/** The engine in use and its libraries, in a line. */
export async function describeEngine(tf: TensorEngine): Promise<string> {
  return `${tf.getBackend()} (${await readEngineVersion(tf)})`
}

/** Calls that the current engine left to the cpu engine, by kernel. */
export function readFallbacks(tf: TensorEngine): Readonly<Record<string, number>> {
  return tf.getBackend() === 'onnxruntime' ? engineCounters().fallbacks : {}
}

async function nativeLibraries(backend: string): Promise<readonly string[]> {
  if (backend === 'onnxruntime') return [`ONNX Runtime ${await describeRuntime()}`]
  const found = backend === 'tensorflow' ? findTensorflow(tensorflowPlaces()) : null
  return found === null ? [] : [`${found.package} ${found.version}`]
}
