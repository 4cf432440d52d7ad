import { sizeOf } from '../facts.ts'
import { binary, unary } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { reduce } from '../graph/reduction.ts'
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

/**
 * Ours: what comes back through batch norm with the batch's own statistics (Ioffe & Szegedy, "Batch Normalization", 2015, section 3), with the sums over the batch written out:
 * `dx = γ/σ · (dy - mean(dy) - x̂ · mean(dy · x̂))`, and what comes back through the mean and the variance themselves. Gives the gradients for x, γ and β.
 */
function normalizationGradients(graph: Graph, inputs: readonly Ir[], { epsilon }: { readonly epsilon: number }): readonly Ir[] {
  const [dy, dMean, dVariance, x, scale, mean, variance] = inputs
  const times = (a: Ir, b: Ir): Ir => binary(graph, 'Mul', a, b)
  const axes = x.shape.slice(0, -1).map((_, axis) => axis)
  const share = graph.scalar(sizeOf(scale.shape) / sizeOf(x.shape))
  const inverse = unary(graph, 'Reciprocal', unary(graph, 'Sqrt', binary(graph, 'Add', variance, graph.scalar(epsilon))))
  const centred = binary(graph, 'Sub', x, mean)
  const sum = reduce(graph, 'ReduceSum', dy, axes, false)
  const dot = reduce(graph, 'ReduceSum', times(dy, centred), axes, false)
  const factor = times(scale, inverse)
  const curve = times(factor, times(times(inverse, inverse), times(dot, share)))
  const slope = binary(graph, 'Sub', times(dVariance, times(graph.scalar(2), share)), curve)
  const shift = binary(graph, 'Sub', times(dMean, share), times(factor, times(sum, share)))
  const direct = times(dy, factor)
  return [binary(graph, 'Add', direct, binary(graph, 'Add', times(centred, slope), shift)), times(dot, inverse), sum]
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
  defineKernel<{ readonly epsilon: number }>(
    'BatchNormTrainingGrad',
    ['dy', 'dMean', 'dVariance', 'x', 'scale', 'mean', 'variance'],
    ([, , , x, scale]) => [x, scale, scale],
    normalizationGradients,
  ),
]
