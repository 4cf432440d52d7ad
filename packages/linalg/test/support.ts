import type { Matrix, MatrixProduct } from '../src/index.ts'

/** Products by their definition, rounded to float32 as an engine's are. */
export const product: MatrixProduct = { multiplyByTranspose, leastEstimates }

function multiplyByTranspose(left: Matrix, right: Matrix): Promise<Matrix> {
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

async function leastEstimates(left: Matrix, right: Matrix, norms: Float32Array, group: number): Promise<Matrix> {
  const { data } = await multiplyByTranspose(left, right)
  const estimates = data.map((value, index) => Math.fround(norms[index % right.rows] - 2 * value))
  const groups = right.rows / group
  const least = Float32Array.from({ length: left.rows * groups }, (_, place) =>
    Math.min(...estimates.subarray(place * group, (place + 1) * group)),
  )
  return { rows: left.rows, columns: groups, data: least }
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
