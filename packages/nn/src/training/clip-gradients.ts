import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

/** `norm`: all gradients together are shortened to an L2 norm of at most `limit`. `value`: each number is cut to `[-limit, limit]`. */
export interface GradientClipping {
  readonly by: 'norm' | 'value'
  readonly limit: number
}

/** Keeps PyTorch's `clip_grad_norm_` from dividing by 0. */
const NORM_OFFSET = 1e-6

/** Clipped gradients, as PyTorch's `clip_grad_norm_` and `clip_grad_value_` give them. */
export function clipGradients(tf: TensorEngine, gradients: readonly Tensor[], { by, limit }: GradientClipping): readonly Tensor[] {
  if (by === 'value') return gradients.map((gradient) => tf.clipByValue(gradient, -limit, limit))
  const factor = tf.minimum(tf.div(limit, tf.add(globalNorm(tf, gradients), NORM_OFFSET)), 1)
  return gradients.map((gradient) => tf.mul(gradient, factor))
}

/** The L2 norm of all numbers of all gradients. */
export function globalNorm(tf: TensorEngine, gradients: readonly Tensor[]): Scalar {
  return tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum<Scalar>(tf.square(gradient)))))
}
