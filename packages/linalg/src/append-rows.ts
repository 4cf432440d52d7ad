import type { Matrix } from './matrix.ts'

/** One matrix below the other. @throws RangeError when they have different columns */
export function appendRows(first: Matrix, second: Matrix): Matrix {
  if (first.columns !== second.columns) throw new RangeError(`rows of ${first.columns} and of ${second.columns} columns`)
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return { rows: first.rows + second.rows, columns: first.columns, data }
}
