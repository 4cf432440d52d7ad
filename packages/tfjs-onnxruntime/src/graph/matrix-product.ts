import { broadcastShapes } from '../facts.ts'
import type { Graph } from './graph.ts'
import type { Ir } from './ir.ts'

/** `op(a) · op(b)` on the last two axes, where `op` transposes on request; leading axes broadcast. */
export function matrixProduct(graph: Graph, a: Ir, b: Ir, transposeA: boolean, transposeB: boolean): Ir {
  const [rows] = a.shape.slice(transposeA ? -1 : -2)
  const [columns] = b.shape.slice(transposeB ? -2 : -1)
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns]
  return graph.node('MatrixProduct', [a, b], { shape, dtype: a.dtype }, { transposeA, transposeB })
}
