import { GraphBuilder } from './graph-builder.ts'
import { openSession, type FloatTensor, type SessionOptions } from './session.ts'

/** A dense matrix, float32 `[rows, columns]`, row-major; structurally that of `@im-iad/linalg`. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

/** Products of large matrices in ONNX Runtime; float32 accumulation. Structurally that of `@im-iad/linalg`. */
export interface MatrixProduct {
  /** `left · rightᵀ`: `[n, d]` and `[m, d]` give `[n, m]`. */
  multiplyByTranspose(left: Matrix, right: Matrix): Promise<Matrix>
  /**
   * The least of `norm - 2 left · right` over every `group` rows of `right` that follow one another: `[n, m / group]`. The product itself stays inside, so its memory is used again.
   * @param norms - one per row of `right`
   * @param group - divides m
   */
  leastEstimates(left: Matrix, right: Matrix, norms: Float32Array, group: number): Promise<Matrix>
  dispose(): Promise<void>
}

/** Opens two sessions, for matrices of any size. */
export async function createMatrixProduct(options: SessionOptions): Promise<MatrixProduct> {
  const product = await openSession(productGraph(), options)
  const estimates = await openSession(estimatesGraph(), options)
  return {
    async multiplyByTranspose(left, right) {
      const result = (await product.run({ left: tensorOf(left), right: tensorOf(right) })).get('product')
      return { rows: left.rows, columns: right.rows, data: result?.data ?? new Float32Array(0) }
    },
    async leastEstimates(left, right, norms, group) {
      const groups = right.rows / group
      const feeds = { left: tensorOf(left), right: tensorOf(right), norms: { shape: [groups, group], data: norms } }
      const result = (await estimates.run(feeds)).get('least')
      return { rows: left.rows, columns: groups, data: result?.data ?? new Float32Array(0) }
    },
    async dispose() {
      await product.dispose()
      await estimates.dispose()
    },
  }
}

function tensorOf({ rows, columns, data }: Matrix): FloatTensor {
  return { shape: [rows, columns], data }
}

function productGraph(): Uint8Array {
  const graph = new GraphBuilder('matrix-product')
  const [left, right] = [graph.input('left', ['n', 'd']), graph.input('right', ['m', 'd'])]
  graph.output('product', graph.node('Gemm', [left, right], { transB: 1 }), ['n', 'm'])
  return graph.build()
}

function estimatesGraph(): Uint8Array {
  const graph = new GraphBuilder('least-estimates')
  const [left, right] = [graph.input('left', ['n', 'd']), graph.input('right', ['m', 'd'])]
  const norms = graph.input('norms', ['groups', 'group'])
  const row = graph.node('Reshape', [norms, graph.integers(-1)])
  const estimates = graph.node('Gemm', [left, right, row], { transB: 1, alpha: { float: -2 } })
  // 0 keeps the number of rows.
  const shape = graph.node('Concat', [graph.integers(0), graph.node('Shape', [norms])], { axis: 0 })
  const least = graph.node('ReduceMin', [graph.node('Reshape', [estimates, shape]), graph.integers(2)], { keepdims: 0 })
  graph.output('least', least, ['n', 'groups'])
  return graph.build()
}
