import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** A normalised batch and the statistics it was normalised with. */
export interface NormalizedBatch {
  /** `[batch, height, width, channels]` */
  readonly result: Tensor4D
  /** `[channels]` */
  readonly mean: Tensor1D
  /** `[channels]`, biased: divided by the number of elements, as batch norm uses it. */
  readonly variance: Tensor1D
}

/**
 * Batch norm with the batch's own statistics (Ioffe & Szegedy, 2015), differentiable in all three inputs. The same as `moments` and `batchNorm` in sequence, in one kernel
 * where the engine has it.
 * @param x - `[batch, height, width, channels]`
 * @param scale - `[channels]`, γ
 * @param offset - `[channels]`, β
 */
export function batchNormTraining(x: Tensor4D, scale: Tensor1D, offset: Tensor1D, epsilon = 1e-5): NormalizedBatch {
  if (tf.getBackend() === 'onnxruntime') {
    const outputs = tf.engine().runKernel('BatchNormTraining', { x, scale, offset }, { epsilon }) as unknown as [
      Tensor4D,
      Tensor1D,
      Tensor1D,
    ]
    return { result: outputs[0], mean: outputs[1], variance: outputs[2] }
  }
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  const result = tf.batchNorm(x, mean as Tensor1D, variance as Tensor1D, offset, scale, epsilon)
  return { result, mean: mean as Tensor1D, variance: variance as Tensor1D }
}
