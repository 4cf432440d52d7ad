import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOfMany, sumTo } from './gradient.ts'

/**
 * Batch norm with the batch's own statistics (Ioffe & Szegedy, "Batch Normalization", 2015, section 3), with the sums over the batch written out:
 * `dx = γ/σ · (dy - mean(dy) - x̂ · mean(dy · x̂))`, and what comes back through the mean and the variance themselves.
 */
function trainingGradients(
  dys: readonly Tensor[],
  saved: readonly Tensor[],
  { epsilon }: { readonly epsilon: number },
): Record<string, () => Tensor> {
  const [dy, dMean, dVariance] = dys
  const [x, scale, mean, variance] = saved
  const axes = x.shape.slice(0, -1).map((_, axis) => axis)
  const count = x.size / scale.size
  const inverse = tf.rsqrt(tf.add(variance, epsilon))
  const centred = tf.sub(x, mean)
  const sum = tf.sum(dy, axes)
  const dot = tf.sum(tf.mul(dy, centred), axes)
  return {
    x: () => {
      const factor = tf.mul(scale, inverse)
      const slope = tf.sub(tf.mul(dVariance, 2 / count), tf.mul(factor, tf.mul(tf.square(inverse), tf.div(dot, count))))
      const shift = tf.sub(tf.div(dMean, count), tf.mul(factor, tf.div(sum, count)))
      return tf.add(tf.mul(dy, factor), tf.add(tf.mul(centred, slope), shift))
    },
    scale: () => tf.mul(dot, inverse),
    offset: () => sum,
  }
}

/** Batch norm with given statistics. */
const fixed: GradConfig = {
  kernelName: 'FusedBatchNorm',
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc(dys, saved, attributes) {
    const dy = Array.isArray(dys) ? dys[0] : dys
    const [x, mean, variance, given] = saved
    const scale = given ?? tf.onesLike(variance)
    const inverse = tf.rsqrt(tf.add(variance, Number(attributes['varianceEpsilon'])))
    const sum = sumTo(dy, mean.shape)
    const dot = (): Tensor => sumTo(tf.mul(dy, tf.sub(x, mean)), variance.shape)
    return {
      x: () => tf.mul(dy, tf.mul(scale, inverse)),
      mean: () => tf.neg(tf.mul(sum, tf.mul(scale, inverse))),
      variance: () => tf.mul(dot(), tf.mul(tf.mul(scale, -0.5), tf.mul(inverse, tf.square(inverse)))),
      scale: () => tf.mul(dot(), inverse),
      offset: () => sum,
    }
  },
}

export const normalizationGradients: readonly GradConfig[] = [
  fixed,
  gradientOfMany('BatchNormTraining', { inputs: ['x', 'scale'], outputs: [false, true, true] }, trainingGradients),
]
