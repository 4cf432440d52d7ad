import { engineCounters } from '@im-iad/tfjs-onnxruntime'
import type { TensorEngine } from './engine-request.ts'
import { findTensorflow, tensorflowPlaces } from './find-tensorflow.ts'

/** Calls that the current engine left to the cpu engine, by kernel. */
export function readFallbacks(tf: TensorEngine): Readonly<Record<string, number>> {
  return tf.getBackend() === 'onnxruntime' ? engineCounters().fallbacks : {}
}

/** The libraries behind the current engine, with their versions. */
export function readEngineVersion(tf: TensorEngine): string {
  const core = `TensorFlow.js ${tf.version_core}`
  if (tf.getBackend() !== 'tensorflow') return core
  const found = findTensorflow(tensorflowPlaces())
  return found === null ? core : `${found.package} ${found.version}, ${core}`
}

/** The engine in use and its libraries, as a line of the record and of `im-iad doctor`. */
export function describeEngine(tf: TensorEngine): string {
  return `${tf.getBackend()} (${readEngineVersion(tf)})`
}
