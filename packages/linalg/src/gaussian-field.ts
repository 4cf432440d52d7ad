import type { GaussianAccumulator } from './gaussian-accumulator.ts'
import { factorCholesky, invertLowerTriangle, packedLength, squaredMahalanobis } from './packed-cholesky.ts'

/** Gaussians at many positions. */
export interface GaussianField {
  readonly positions: number
  readonly dimension: number
  /** float32 `[positions, dimension]`. */
  readonly means: Float32Array
  /** Packed lower Cholesky factors of the covariances, float32 `[positions, dimension (dimension + 1) / 2]`. */
  readonly factors: Float32Array
}

/**
 * Means, and covariances plus `regularization` on the diagonal, factorised in float64.
 * @throws ImIadError IM_IAD_E_CHOLESKY when one is not positive definite
 */
export function factorGaussians(accumulator: GaussianAccumulator, regularization: number): GaussianField {
  const { positions, dimension } = accumulator
  const triangle = packedLength(dimension)
  const means = new Float32Array(positions * dimension)
  const factors = new Float32Array(positions * triangle)
  const mean = new Float64Array(dimension)
  const covariance = new Float64Array(triangle)
  for (let position = 0; position < positions; position++) {
    accumulator.mean(position, mean)
    accumulator.covariance(position, regularization, covariance)
    factorCholesky(covariance, dimension)
    means.set(mean, position * dimension)
    factors.set(covariance, position * triangle)
  }
  return { positions, dimension, means, factors }
}

/**
 * Mahalanobis distances of vectors to their positions' Gaussians. Position by position, so that a factor is read once for all of them.
 * @param vectors - float32 `[count, positions, dimension]`
 * @returns float32 `[count, positions]`
 */
export function mahalanobisDistances(
  { positions, dimension, means, factors }: GaussianField,
  vectors: Float32Array,
  count: number,
): Float32Array {
  const triangle = packedLength(dimension)
  const results = new Float32Array(count * positions)
  const deltas = new Float64Array(count * dimension)
  const distances = new Float64Array(count)
  for (let position = 0; position < positions; position++) {
    for (let vector = 0; vector < count; vector++) {
      const from = (vector * positions + position) * dimension
      for (let index = 0; index < dimension; index++)
        deltas[vector * dimension + index] = vectors[from + index] - means[position * dimension + index]
    }
    squaredMahalanobis(factors.subarray(position * triangle, (position + 1) * triangle), dimension, deltas, distances)
    for (let vector = 0; vector < count; vector++) results[vector * positions + position] = Math.sqrt(distances[vector])
  }
  return results
}

/** L⁻ᵀ of every position's factor, float32 `[positions, dimension, dimension]`: a deviation times it has the Mahalanobis distance as its length. Inverted in float64. */
export function whiteningMatrices({ positions, dimension, factors }: GaussianField): Float32Array {
  const triangle = packedLength(dimension)
  const square = dimension * dimension
  const matrices = new Float32Array(positions * square)
  const inverse = new Float64Array(triangle)
  for (let position = 0; position < positions; position++) {
    invertLowerTriangle(factors.subarray(position * triangle, (position + 1) * triangle), dimension, inverse)
    for (let row = 0, rowStart = 0; row < dimension; rowStart += ++row)
      for (let column = 0; column <= row; column++) matrices[position * square + column * dimension + row] = inverse[rowStart + column]
  }
  return matrices
}
