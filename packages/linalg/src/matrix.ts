/** A dense matrix, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** float32 `[rows, columns]`. */
  readonly data: Float32Array
}

/** The engine's large products, given by the caller because this package has no native code. All may round as float32 accumulation in any order does. */
export interface MatrixProduct {
  /** `left · rightᵀ`: `left` is `[n, d]`, `right` `[m, d]`, the result `[n, m]`. */
  multiplyByTranspose(left: Matrix, right: Matrix): Promise<Matrix>
  /**
   * The least of `norm - 2 left · right` over every `group` rows of `right` that follow one another, without the product's ever leaving the engine: `[n, m / group]`.
   * @param norms - the squared norms of the rows of `right`, float32 `[m]`
   * @param group - divides m
   */
  leastEstimates(left: Matrix, right: Matrix, norms: Float32Array, group: number): Promise<Matrix>
}
