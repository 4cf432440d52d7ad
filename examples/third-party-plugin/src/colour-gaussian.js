/** Sums from which a Gaussian of colours is made; one pass, in float64. */
export class ColourSums {
  count = 0
  sum = new Float64Array(3)
  /** Sums of products, row by row. */
  products = new Float64Array(9)

  /** @param {Float64Array} colours `[n, 3]` */
  add(colours) {
    for (let start = 0; start < colours.length; start += 3) {
      for (let row = 0; row < 3; row++) {
        this.sum[row] += colours[start + row]
        for (let column = 0; column < 3; column++) this.products[row * 3 + column] += colours[start + row] * colours[start + column]
      }
    }
    this.count += colours.length / 3
  }
}

/**
 * @typedef {object} ColourGaussian
 * @property {readonly number[]} mean `[3]`
 * @property {readonly number[]} precision the inverse of the covariance, `[3, 3]`
 */

/**
 * @param {ColourSums} sums
 * @param {number} regularization added to the diagonal of the covariance; positive, so that there is an inverse
 * @returns {ColourGaussian}
 */
export function colourGaussian({ count, sum, products }, regularization) {
  const mean = Array.from(sum, (value) => value / count)
  const covariance = Array.from(products, (value, index) => {
    const [row, column] = [Math.floor(index / 3), index % 3]
    return value / count - mean[row] * mean[column] + (row === column ? regularization : 0)
  })
  return { mean, precision: inverse(covariance) }
}

/**
 * The inverse of a symmetric 3x3 matrix: its adjugate over its determinant.
 * @param {readonly number[]} matrix
 */
function inverse([a, b, c, , d, e, , , f]) {
  const [aa, bb, cc] = [d * f - e * e, c * e - b * f, b * e - c * d]
  const determinant = a * aa + b * bb + c * cc
  return [aa, bb, cc, bb, a * f - c * c, b * c - a * e, cc, b * c - a * e, a * d - b * b].map((value) => value / determinant)
}

/**
 * Mahalanobis distances of colours to the Gaussian.
 * @param {ColourGaussian} gaussian
 * @param {Float64Array} colours `[n, 3]`
 * @returns {Float32Array} `[n]`, at least 0
 */
export function colourDistances({ mean, precision }, colours) {
  const distances = new Float32Array(colours.length / 3)
  for (let place = 0; place < distances.length; place++) {
    const difference = mean.map((value, channel) => colours[place * 3 + channel] - value)
    let squared = 0
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++) squared += difference[row] * precision[row * 3 + column] * difference[column]
    distances[place] = Math.sqrt(Math.max(0, squared))
  }
  return distances
}
