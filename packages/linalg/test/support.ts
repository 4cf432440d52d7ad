import type { Matrix } from '../src/index.ts'

/** The product by its definition, rounded to float32 as an engine's is. */
export function multiplyByTranspose(left: Matrix, right: Matrix): Promise<Matrix> {
  const data = new Float32Array(left.rows * right.rows)
  for (let row = 0; row < left.rows; row++)
    for (let column = 0; column < right.rows; column++) {
      let sum = 0
      for (let inner = 0; inner < left.columns; inner++)
        sum = Math.fround(sum + Math.fround(left.data[row * left.columns + inner] * right.data[column * right.columns + inner]))
      data[row * right.rows + column] = sum
    }
  return Promise.resolve({ rows: left.rows, columns: right.rows, data })
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float32Array.from(rows.flat()) }
}

/** Squared distance in float64, column by column. */
export function distance({ columns, data }: Matrix, a: number, b: number): number {
  let sum = 0
  for (let column = 0; column < columns; column++) sum += (data[a * columns + column] - data[b * columns + column]) ** 2
  return sum
}
