import { binary, unary } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { broadcastTo } from '../graph/shaping.ts'
import { defineKernel, defineKernelWithOptions, required, type KernelDefinition } from './kernel-definition.ts'

/** tfjs's batch norm with given statistics: `(x - mean) / sqrt(variance + epsilon) * scale + offset`. */
function normalize(graph: Graph, inputs: readonly (Ir | null)[], { varianceEpsilon }: { readonly varianceEpsilon: number }): Ir {
  const [x, mean, variance] = required('FusedBatchNorm', inputs.slice(0, 3))
  const channels = [x.shape[x.shape.length - 1]]
  const offset = inputs[3] ?? broadcastTo(graph, graph.scalar(0), channels)
  const scale = inputs[4] ?? broadcastTo(graph, graph.scalar(1), channels)
  const parameters = [scale, offset, mean, variance]
  if (x.shape.length === 4 && parameters.every(({ shape }) => shape.length === 1))
    return graph.node('BatchNorm', [x, ...parameters], x, { epsilon: varianceEpsilon })
  const deviation = unary(graph, 'Sqrt', binary(graph, 'Add', variance, graph.scalar(varianceEpsilon)))
  const factor = binary(graph, 'Div', scale, deviation)
  return binary(graph, 'Add', binary(graph, 'Mul', binary(graph, 'Sub', x, mean), factor), offset)
}

/** Ours: batch norm with the batch's own statistics; gives the result, the mean and the biased variance of each channel. */
function normalizeBatch(graph: Graph, inputs: readonly Ir[], { epsilon }: { readonly epsilon: number }): readonly Ir[] {
  const [x, scale] = inputs
  const all = graph.node('BatchNormTraining', inputs, x, { epsilon })
  return [x, scale, scale].map((facts, index) => graph.node('Part', [all], facts, { index }))
}

export const normalizationKernels: readonly KernelDefinition[] = [
  defineKernelWithOptions<{ readonly varianceEpsilon: number }>(
    'FusedBatchNorm',
    ['x', 'mean', 'variance', 'offset', 'scale'],
    ([x]) => required('FusedBatchNorm', [x ?? null])[0],
    normalize,
  ),
  defineKernel<{ readonly epsilon: number }>(
    'BatchNormTraining',
    ['x', 'scale', 'offset'],
    ([x, scale]) => [x, scale, scale],
    normalizeBatch,
  ),
]
