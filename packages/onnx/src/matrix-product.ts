import { GraphBuilder } from './graph-builder.ts'
import { openSession, type SessionOptions } from './session.ts'

/** A dense matrix, float32 `[rows, columns]`, row-major; structurally that of `@im-iad/linalg`. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float32Array
}

/** Products of large matrices in ONNX Runtime. */
export interface MatrixProduct {
  /** `left · rightᵀ`: `[n, d]` and `[m, d]` give `[n, m]`; float32 accumulation. */
  multiplyByTranspose(left: Matrix, right: Matrix): Promise<Matrix>
  dispose(): Promise<void>
}

/** Opens one session that multiplies matrices of any size. */
export async function createMatrixProduct(options: SessionOptions): Promise<MatrixProduct> {
  const graph = new GraphBuilder('matrix-product')
  const left = graph.input('left', ['n', 'd'])
  const right = graph.input('right', ['m', 'd'])
  graph.output('product', graph.node('Gemm', [left, right], { transB: 1 }), ['n', 'm'])
  const session = await openSession(graph.build(), options)
  return {
    async multiplyByTranspose(a, b) {
      const feeds = { left: { shape: [a.rows, a.columns], data: a.data }, right: { shape: [b.rows, b.columns], data: b.data } }
      const product = (await session.run(feeds)).get('product')
      return { rows: a.rows, columns: b.rows, data: product?.data ?? new Float32Array(0) }
    },
    dispose: () => session.dispose(),
  }
}
