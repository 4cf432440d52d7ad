import type { Facts } from '../facts.ts'
import { binary, where } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { broadcastTo, reshape, slice, transpose } from '../graph/shaping.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

interface GatherAttributes {
  readonly axis: number
  readonly batchDims?: number
}

const at = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

function gatherShape([x, indices]: readonly Facts[], { axis, batchDims = 0 }: GatherAttributes): Facts {
  const along = at(axis, x.shape.length)
  return {
    shape: [...x.shape.slice(0, along), ...indices.shape.slice(at(batchDims, indices.shape.length)), ...x.shape.slice(along + 1)],
    dtype: x.dtype,
  }
}

function gather(graph: Graph, [x, indices]: readonly Ir[], attributes: GatherAttributes): Ir {
  const facts = gatherShape([x, indices], attributes)
  const axis = at(attributes.axis, x.shape.length)
  const batch = at(attributes.batchDims ?? 0, indices.shape.length)
  if (batch === 0) return graph.node('Gather', [x, indices], facts, { axis })
  // With batch axes: the gathered axis comes right behind them, GatherND takes rows there, and the axes go back to their places.
  const rank = x.shape.length
  const between = Array.from({ length: axis - batch }, (_, index) => batch + index)
  const behind = Array.from({ length: rank - axis - 1 }, (_, index) => axis + 1 + index)
  const lead = Array.from({ length: batch }, (_, index) => index)
  const moved = transpose(graph, x, [...lead, axis, ...between, ...behind])
  const rows = reshape(graph, indices, [...indices.shape, 1])
  const picked = indices.shape.length - batch
  const shape = [...indices.shape, ...between.map((index) => x.shape[index]), ...behind.map((index) => x.shape[index])]
  const gathered = graph.node('GatherND', [moved, rows], { shape, dtype: x.dtype }, { batch })
  const order = [
    ...lead,
    ...between.map((_, index) => batch + picked + index),
    ...Array.from({ length: picked }, (_, index) => batch + index),
    ...behind.map((_, index) => batch + picked + between.length + index),
  ]
  return transpose(graph, gathered, order)
}

function gatherNdShape([params, indices]: readonly Facts[]): Facts {
  const depth = indices.shape[indices.shape.length - 1]
  return { shape: [...indices.shape.slice(0, -1), ...params.shape.slice(depth)], dtype: params.dtype }
}

/** `reduction`: what happens to an element that is named twice. */
export function scatter(graph: Graph, data: Ir, indices: Ir, updates: Ir, reduction: 'add' | 'none'): Ir {
  return graph.node('ScatterND', [data, indices, updates], data, { reduction })
}

/** Rows of equal id are summed; rows of a negative id are left out, as TensorFlow does it. */
function segmentSum(graph: Graph, [x, ids]: readonly Ir[], { numSegments }: { readonly numSegments: number }): Ir {
  const rest = x.shape.slice(ids.shape.length)
  const spare = graph.scalar(numSegments, 'int32')
  const places = where(graph, binary(graph, 'Less', ids, graph.scalar(0, 'int32')), spare, ids)
  const zeros = broadcastTo(graph, graph.scalar(0, x.dtype), [numSegments + 1, ...rest])
  const summed = scatter(graph, zeros, reshape(graph, places, [...ids.shape, 1]), x, 'add')
  return slice(
    graph,
    summed,
    summed.shape.map(() => 0),
    [numSegments, ...rest],
  )
}

function sparseToDense(
  graph: Graph,
  [indices, values, fallback]: readonly Ir[],
  { outputShape }: { readonly outputShape: readonly number[] },
): Ir {
  const rows = indices.shape.length === 2 ? indices : reshape(graph, indices, indices.shape.length === 0 ? [1, 1] : [...indices.shape, 1])
  const updates = broadcastTo(graph, values, [rows.shape[0]])
  return scatter(graph, broadcastTo(graph, fallback, outputShape), rows, updates, 'none')
}

export const indexingKernels: readonly KernelDefinition[] = [
  defineKernel<GatherAttributes>('GatherV2', ['x', 'indices'], gatherShape, gather),
  defineKernel('GatherNd', ['params', 'indices'], gatherNdShape, (graph, [params, indices]) =>
    graph.node('GatherND', [params, indices], gatherNdShape([params, indices]), { batch: 0 }),
  ),
  defineKernel<{ readonly shape: readonly number[] }>(
    'ScatterNd',
    ['indices', 'updates'],
    ([, updates], { shape }) => ({ shape, dtype: updates.dtype }),
    (graph, [indices, updates], { shape }) =>
      scatter(graph, broadcastTo(graph, graph.scalar(0, updates.dtype), shape), indices, updates, 'add'),
  ),
  defineKernel(
    'TensorScatterUpdate',
    ['tensor', 'indices', 'updates'],
    ([tensor]) => tensor,
    (graph, [tensor, indices, updates]) => scatter(graph, tensor, indices, updates, 'none'),
  ),
  defineKernel<{ readonly numSegments: number }>(
    'UnsortedSegmentSum',
    ['x', 'segmentIds'],
    ([x, ids], { numSegments }) => ({ shape: [numSegments, ...x.shape.slice(ids.shape.length)], dtype: x.dtype }),
    segmentSum,
  ),
  defineKernel<{ readonly outputShape: readonly number[] }>(
    'SparseToDense',
    ['sparseIndices', 'sparseValues', 'defaultValue'],
    ([, values], { outputShape }) => ({ shape: outputShape, dtype: values.dtype }),
    sparseToDense,
  ),
]
