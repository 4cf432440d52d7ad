import { binary, clip, unary, where } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'

/** What tfjs's fused kernels do behind the product. */
export interface FusedAttributes {
  readonly activation?: 'linear' | 'relu' | 'prelu' | 'elu' | 'relu6' | 'leakyrelu' | 'sigmoid' | 'softplus'
  readonly leakyreluAlpha?: number
}

/** Adds a bias and applies the activation of a fused kernel. */
export function finish(
  graph: Graph,
  product: Ir,
  bias: Ir | null,
  slopes: Ir | null,
  { activation = 'linear', leakyreluAlpha = 0.2 }: FusedAttributes,
): Ir {
  const x = bias === null ? product : binary(graph, 'Add', product, bias)
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return unary(graph, 'Relu', x)
    case 'relu6':
      return clip(graph, x, 0, 6)
    case 'elu':
      return unary(graph, 'Elu', x)
    case 'sigmoid':
      return unary(graph, 'Sigmoid', x)
    case 'softplus':
      return unary(graph, 'Softplus', x)
    case 'leakyrelu':
      return unary(graph, 'LeakyRelu', x, { alpha: leakyreluAlpha })
    case 'prelu':
      return slopes === null ? x : where(graph, binary(graph, 'Less', x, graph.scalar(0)), binary(graph, 'Mul', x, slopes), x)
  }
}
