import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

export interface StructuralSimilaritySettings {
  /** The range l of the values; 1 when absent. */
  readonly range?: number
  /** Side of the Gaussian window; 11 when absent. */
  readonly window?: number
  /** Its standard deviation in pixels; 1.5 when absent. */
  readonly sigma?: number
}

/**
 * Mean structural similarity (Wang et al., "Image quality assessment", 2004, equation 13, with C1 = (0.01 l)² and C2 = (0.03 l)²), by channel, over whole pictures with zeros beyond their borders.
 * A loss is 1 minus it.
 * @param first - `[count, height, width, channels]`, as is `second`
 */
export function structuralSimilarity(
  tf: TensorEngine,
  first: Tensor4D,
  second: Tensor4D,
  { range = 1, window = 11, sigma = 1.5 }: StructuralSimilaritySettings = {},
): Scalar {
  const [count, height, width, channels] = first.shape
  const rows = tf.tensor2d(bandMatrix(height, window, sigma), [height, height])
  const columns = tf.tensor2d(bandMatrix(width, window, sigma), [width, width])
  // Both blurs are products with a symmetric band matrix; the axes end up swapped, which a mean does not mind.
  const moments = tf.concat4d([first, second, tf.square(first), tf.square(second), tf.mul(first, second)], 3)
  const across = tf.matMul(tf.reshape(tf.transpose(moments, [0, 3, 1, 2]), [count * channels * 5 * height, width]), columns)
  const turned = tf.transpose(tf.reshape(across, [count, channels * 5, height, width]), [0, 1, 3, 2])
  const blurred = tf.reshape(tf.matMul(tf.reshape(turned, [count * channels * 5 * width, height]), rows), [
    count,
    5,
    channels * width * height,
  ])
  const [firstMean, secondMean, firstSquare, secondSquare, product] = tf.split(blurred, 5, 1)
  const means = tf.mul(firstMean, secondMean)
  const squares = tf.add(tf.square(firstMean), tf.square(secondMean))
  const covariance = tf.sub(product, means)
  const variances = tf.sub(tf.add(firstSquare, secondSquare), squares)
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2]
  const numerator = tf.mul(tf.add(tf.mul(means, 2), c1), tf.add(tf.mul(covariance, 2), c2))
  const denominator = tf.mul(tf.add(squares, c1), tf.add(variances, c2))
  return tf.mean<Scalar>(tf.div(numerator, denominator))
}

/** A normalised Gaussian along each row, around the diagonal: `[size, size]`. */
function bandMatrix(size: number, window: number, sigma: number): Float32Array {
  const radius = (window - 1) / 2
  const taps = Float64Array.from({ length: window }, (_, index) => Math.exp(-((index - radius) ** 2) / (2 * sigma ** 2)))
  const sum = taps.reduce((total, tap) => total + tap, 0)
  const matrix = new Float32Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = Math.max(0, row - radius); column <= Math.min(size - 1, row + radius); column++)
      matrix[row * size + column] = taps[column - row + radius] / sum
  return matrix
}
