/** A dense matrix, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** float32 `[rows, columns]`. */
  readonly data: Float32Array
}

/**
 * The engine's matrix product `left · rightᵀ`, given by the caller because this package has no native code:
 * `left` is `[n, d]`, `right` `[m, d]`, the result `[n, m]`. May round as float32 accumulation does.
 */
export type MultiplyByTranspose = (left: Matrix, right: Matrix) => Promise<Matrix>
