import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

export interface FocalSettings {
  /** The exponent γ; 2 when absent, as in the paper's experiments. */
  readonly focus?: number
  /** Keeps logarithms finite: targets are kept this far from 0 and 1, and p_t is raised by it; 1e-5 when absent. */
  readonly smoothing?: number
}

/**
 * Focal loss (Lin et al., ICCV 2017, equation 4, without class weights) of a two-class segmentation: the mean of -(1 - p_t)^γ log p_t over all pixels.
 * @param logits - `[count, height, width, 2]`, of the classes 0 and 1
 * @param mask - `[count, height, width, 1]`, 1 where the class is 1, else 0
 */
export function focalLoss(tf: TensorEngine, logits: Tensor4D, mask: Tensor4D, { focus = 2, smoothing = 1e-5 }: FocalSettings = {}): Scalar {
  const clipped = tf.clipByValue(mask, smoothing, 1 - smoothing)
  // Of two classes, the softmax of the second is the sigmoid of the difference.
  const [first, second] = tf.split<Tensor4D>(logits, 2, 3)
  const probability = tf.sigmoid(tf.sub(second, first))
  const other = tf.sub(1, probability)
  const likelihood = tf.add(tf.add(tf.mul(probability, clipped), tf.mul(other, tf.sub(1, clipped))), smoothing)
  const rest = tf.sub(1, likelihood)
  const weight: Tensor = focus === 2 ? tf.square(rest) : tf.pow(tf.maximum(rest, 0), focus)
  return tf.neg(tf.mean<Scalar>(tf.mul(weight, tf.log(likelihood))))
}
