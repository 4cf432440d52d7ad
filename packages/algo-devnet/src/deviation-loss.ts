import type { TensorEngine } from '@im-iad/nn'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'

export interface DeviationLossInput {
  /** `[count]`. */
  readonly scores: Tensor1D
  /** `[count]`, 1 for abnormal pictures and 0 for normal ones. */
  readonly labels: Tensor1D
  /** `[2]`: mean and standard deviation of the prior. */
  readonly prior: Tensor1D
  readonly margin: number
}

/**
 * The deviation loss (Pang et al., equation 5): with d = (score - prior's mean) / prior's deviation, the batch's mean of |d| for normal pictures and of max(0, margin - d) for abnormal ones.
 */
export function deviationLoss(tf: TensorEngine, { scores, labels, prior, margin }: DeviationLossInput): Scalar {
  const [mean, deviation] = [tf.slice(prior, 0, 1), tf.slice(prior, 1, 1)]
  const deviations = tf.div(tf.sub(scores, mean), deviation)
  const normal = tf.mul(tf.sub(1, labels), tf.abs(deviations))
  const abnormal = tf.mul(labels, tf.relu(tf.sub(margin, deviations)))
  return tf.mean<Scalar>(tf.add(normal, abnormal))
}
