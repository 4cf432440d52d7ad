import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOfMany, sumTo } from './gradient.ts'

/** One kernel for all three gradients. */
function trainingGradients(
  [dy, dMean, dVariance]: readonly Tensor[],
  [x, scale, mean, variance]: readonly Tensor[],
  attributes: { readonly epsilon: number },
): Record<string, () => Tensor> {
  const operands = { dy, dMean, dVariance, x, scale, mean, variance }
  const [image, factor, shift] = tf.engine().runKernel('BatchNormTrainingGrad', operands, attributes) as Tensor[]
  return { x: () => image, scale: () => factor, offset: () => shift }
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
