import { sync } from '@im-iad/tfjs-onnxruntime'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/**
 * Has the engine compute these tensors now. An engine that computes lazily does all of them, and all that they need, at once; the others have computed them already.
 * Call it once per training step, with everything that outlives the step.
 */
export async function syncTensors(tf: TensorEngine, tensors: readonly Tensor[]): Promise<void> {
  if (tf.getBackend() === 'onnxruntime') await sync(tensors)
}
