import { ImIadError } from '@im-iad/errors'

/** Values of a packed lower triangle: row after row, row i with i + 1 values. */
export function packedLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2
}

/**
 * Factorises a symmetric positive definite matrix, A = L Lᵀ, in place, float64 (Cholesky–Banachiewicz, row by row).
 * @param packed - the lower triangle of A; L afterwards
 * @throws ImIadError IM_IAD_E_CHOLESKY when the matrix is not positive definite, naming the row
 */
export function factorCholesky(packed: Float64Array, dimension: number): void {
  for (let row = 0, rowStart = 0; row < dimension; rowStart += ++row) {
    for (let column = 0, columnStart = 0; column <= row; columnStart += ++column) {
      let sum = packed[rowStart + column]
      for (let inner = 0; inner < column; inner++) sum -= packed[rowStart + inner] * packed[columnStart + inner]
      if (column < row) packed[rowStart + column] = sum / packed[columnStart + column]
      else if (sum > 0) packed[rowStart + row] = Math.sqrt(sum)
      else throw notPositiveDefinite(row, sum)
    }
  }
}

/**
 * Squared Mahalanobis distances |L⁻¹ δ|² of several vectors by forward substitution.
 * @param factor - a packed L
 * @param deltas - `[count, dimension]`; replaced by L⁻¹ δ
 * @param distances - `[count]`, filled
 */
export function squaredMahalanobis(
  factor: Float64Array | Float32Array,
  dimension: number,
  deltas: Float64Array,
  distances: Float64Array,
): void {
  for (let vector = 0; vector < distances.length; vector++) {
    const start = vector * dimension
    let distance = 0
    for (let row = 0, rowStart = 0; row < dimension; rowStart += ++row) {
      let sum = deltas[start + row]
      for (let column = 0; column < row; column++) sum -= factor[rowStart + column] * deltas[start + column]
      sum /= factor[rowStart + row]
      deltas[start + row] = sum
      distance += sum * sum
    }
    distances[vector] = distance
  }
}

/**
 * L⁻¹ of a packed lower triangle with a positive diagonal, by forward substitution, column by column, float64.
 * @param inverse - packed, filled
 */
export function invertLowerTriangle(factor: Float64Array | Float32Array, dimension: number, inverse: Float64Array): void {
  for (let column = 0; column < dimension; column++)
    for (let row = column, rowStart = packedLength(column); row < dimension; rowStart += ++row) {
      let sum = row === column ? 1 : 0
      for (let inner = column, innerStart = packedLength(column); inner < row; innerStart += ++inner)
        sum -= factor[rowStart + inner] * inverse[innerStart + column]
      inverse[rowStart + column] = sum / factor[rowStart + row]
    }
}

function notPositiveDefinite(row: number, pivot: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CHOLESKY',
    what: 'a covariance matrix is not positive definite',
    problem: `the pivot of row ${row} is ${pivot}`,
    fix: 'raise the regularisation that is added to the diagonal, or look for features that are not finite',
  })
}
