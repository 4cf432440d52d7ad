import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { coverage, poolWindow, type PoolAttributes } from '../kernels/convolution-geometry.ts'
import { gradientOf, runKernel } from './gradient.ts'

/**
 * tfjs's `cpu` divides the gradient of a window that hangs over the edge by the window's size, though the mean was taken over fewer elements: what goes in there is
 * scaled, so that the right numbers come out.
 */
function scaleForCpu(dy: Tensor, shape: readonly number[], attributes: PoolAttributes): Tensor {
  const geometry = poolWindow(shape, attributes)
  const area = geometry.kernel[0] * geometry.kernel[1]
  const factors = Float32Array.from(coverage(shape, geometry), (count) => area / count)
  return tf.mul(dy, tf.tensor4d(factors, [1, ...geometry.output, 1]))
}

export const poolingGradients: readonly GradConfig[] = [
  gradientOf('MaxPool', { inputs: ['x'], outputs: [true] }, (dy, [input, output], attributes) => ({
    x: () => runKernel('MaxPoolGrad', { dy, input, output }, attributes),
  })),
  gradientOf<PoolAttributes>('AvgPool', { inputs: ['x'] }, (dy, [input], attributes) => ({
    x: () => runKernel('AvgPoolGrad', { dy: tf.getBackend() === 'cpu' ? scaleForCpu(dy, input.shape, attributes) : dy, input }, attributes),
  })),
]
