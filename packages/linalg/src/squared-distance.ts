import type { Matrix } from './matrix.ts'

/** The squared Euclidean distance of two rows, accumulated in float64 in the order of the columns. */
export function squaredDistance(a: Float32Array, aStart: number, b: Float32Array, bStart: number, columns: number): number {
  let sum = 0
  for (let column = 0; column < columns; column++) {
    const difference = a[aStart + column] - b[bStart + column]
    sum += difference * difference
  }
  return sum
}

/** The squared Euclidean norm of every row, float64. */
export function squaredNorms({ rows, columns, data }: Matrix): Float64Array {
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let index = row * columns; index < (row + 1) * columns; index++) sum += data[index] * data[index]
    norms[row] = sum
  }
  return norms
}

/** Half of the distance between 1 and the next float32. */
const UNIT_ROUNDOFF = 2 ** -24

/**
 * How far `|x|² + |y|² - 2 x·y` can be from the true squared distance, per unit of `|x| |y|`, when `x·y` was accumulated in float32 in any order:
 * twice the error bound of an inner product (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1).
 */
export function distanceErrorPerNorms(columns: number): number {
  const accumulated = columns * UNIT_ROUNDOFF
  return (2 * accumulated) / (1 - accumulated) + 1e-12
}

/**
 * How far a float32 estimate `|y|² - 2 x·y` of `|x - y|² - |x|²` can be from it, its `|y|²` rounded and added in any order, for all `y` no longer than `longest`:
 * the same bound for an inner product of two more terms.
 */
export function estimateError(columns: number, norm: number, longest: number): number {
  const perNorms = distanceErrorPerNorms(columns + 2) / 2
  return perNorms * (longest * longest + 2 * Math.sqrt(norm) * longest)
}

/** Some rows of a matrix, without a copy. */
export function rowsOf({ columns, data }: Matrix, start: number, count: number): Matrix {
  return { rows: count, columns, data: data.subarray(start * columns, (start + count) * columns) }
}

/** Copies of the rows with the given numbers. */
export function gatherRows({ columns, data }: Matrix, numbers: ArrayLike<number>): Matrix {
  const gathered = new Float32Array(numbers.length * columns)
  for (let row = 0; row < numbers.length; row++)
    gathered.set(data.subarray(numbers[row] * columns, (numbers[row] + 1) * columns), row * columns)
  return { rows: numbers.length, columns, data: gathered }
}
