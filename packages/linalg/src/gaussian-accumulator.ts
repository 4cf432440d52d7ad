import { packedLength } from './packed-cholesky.ts'

/** Gaussians at many positions, estimated from samples that come one at a time. */
export interface GaussianAccumulator {
  readonly positions: number
  readonly dimension: number
  /** Samples added so far. */
  readonly count: number
  /** Adds one vector per position. @param vectors - `[positions, dimension]` */
  add(vectors: Float32Array): void
  /** The mean at a position. @param mean - `[dimension]`, filled */
  mean(position: number, mean: Float64Array): void
  /**
   * The unbiased covariance at a position plus `regularization` on its diagonal; with a single sample the regularisation alone.
   * @param packed - its lower triangle, filled
   */
  covariance(position: number, regularization: number, packed: Float64Array): void
}

/**
 * Accumulates sums of deviations from the first sample in float64, which keeps the variance of features far from zero (Chan, Golub and LeVeque 1983, shifted data).
 * Needs positions · (d (d + 1) / 2 + 2 d) · 8 bytes.
 */
export function createGaussianAccumulator(positions: number, dimension: number): GaussianAccumulator {
  const triangle = packedLength(dimension)
  const shift = new Float64Array(positions * dimension)
  const sums = new Float64Array(positions * dimension)
  const products = new Float64Array(positions * triangle)
  let count = 0
  return {
    positions,
    dimension,
    get count() {
      return count
    },
    add(vectors) {
      if (vectors.length !== positions * dimension)
        throw new RangeError(`${positions} vectors of ${dimension} values expected, got ${vectors.length} values`)
      if (count++ === 0) shift.set(vectors)
      else addDeviations(vectors, shift, sums, products, positions, dimension)
    },
    mean(position, mean) {
      const start = position * dimension
      for (let index = 0; index < dimension; index++) mean[index] = shift[start + index] + sums[start + index] / count
    },
    covariance(position, regularization, packed) {
      const start = position * dimension
      let place = position * triangle
      for (let row = 0, target = 0; row < dimension; row++)
        for (let column = 0; column <= row; column++, target++, place++) {
          const centered = products[place] - (sums[start + row] * sums[start + column]) / count
          packed[target] = (count > 1 ? centered / (count - 1) : 0) + (row === column ? regularization : 0)
        }
    },
  }
}

function addDeviations(
  vectors: Float32Array,
  shift: Float64Array,
  sums: Float64Array,
  products: Float64Array,
  positions: number,
  dimension: number,
): void {
  const deviation = new Float64Array(dimension)
  let place = 0
  for (let position = 0; position < positions; position++) {
    const start = position * dimension
    for (let row = 0; row < dimension; row++) {
      const value = vectors[start + row] - shift[start + row]
      deviation[row] = value
      sums[start + row] += value
      for (let column = 0; column <= row; column++) products[place++] += value * deviation[column]
    }
  }
}
