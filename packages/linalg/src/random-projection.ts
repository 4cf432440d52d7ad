import type { Matrix } from './matrix.ts'

/**
 * A random linear map to `rows` dimensions without bias, entries uniform in ±1/√columns, to multiply with as the right side.
 * @param uniform - numbers in [0, 1)
 */
export function randomProjection(rows: number, columns: number, uniform: () => number): Matrix {
  const bound = 1 / Math.sqrt(columns)
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => (2 * uniform() - 1) * bound) }
}
