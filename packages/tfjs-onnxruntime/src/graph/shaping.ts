import { sameShape, sizeOf } from '../facts.ts'
import { scalarValue, type Graph } from './graph.ts'
import type { Ir } from './ir.ts'

export function reshape(graph: Graph, x: Ir, shape: readonly number[]): Ir {
  if (sameShape(x.shape, shape)) return x
  if (x.op === 'Reshape') return reshape(graph, x.inputs[0], shape)
  if (x.values !== null && scalarValue(x) !== null) return graph.constant(x.values, shape, x.dtype)
  if (x.op === 'Broadcast' && sizeOf(x.inputs[0].shape) === 1) return broadcastTo(graph, reshape(graph, x.inputs[0], []), shape)
  return graph.node('Reshape', [x], { shape, dtype: x.dtype })
}

/** Repeats along axes of extent 1 and new leading ones; consumers that broadcast by themselves never see it. */
export function broadcastTo(graph: Graph, x: Ir, shape: readonly number[]): Ir {
  if (sameShape(x.shape, shape)) return x
  if (x.op === 'Broadcast') return broadcastTo(graph, x.inputs[0], shape)
  return graph.node('Broadcast', [x], { shape, dtype: x.dtype })
}

/** `order[i]` is the axis of `x` that becomes axis `i`. */
export function transpose(graph: Graph, x: Ir, order: readonly number[]): Ir {
  if (order.every((axis, index) => axis === index)) return x
  if (x.op === 'Transpose') {
    const inner = x.attributes['order'] as readonly number[]
    return transpose(
      graph,
      x.inputs[0],
      order.map((axis) => inner[axis]),
    )
  }
  return graph.node('Transpose', [x], { shape: order.map((axis) => x.shape[axis]), dtype: x.dtype }, { order })
}

/** Elements `begin + i * strides` for `size` values of `i`, per axis; strides may be negative. */
export function slice(
  graph: Graph,
  x: Ir,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[] = size.map(() => 1),
): Ir {
  if (sameShape(size, x.shape) && strides.every((stride) => stride === 1)) return x
  return graph.node('Slice', [x], { shape: size, dtype: x.dtype }, { begin, strides })
}

export function concat(graph: Graph, inputs: readonly Ir[], axis: number): Ir {
  const full = inputs.filter((input) => sizeOf(input.shape) > 0)
  const [first] = full.length > 0 ? full : inputs
  if (full.length <= 1) return first
  const shape = first.shape.map((extent, index) => (index === axis ? full.reduce((sum, input) => sum + input.shape[axis], 0) : extent))
  return graph.node('Concat', full, { shape, dtype: first.dtype }, { axis })
}

/** Adds `before[i]` and `after[i]` elements around axis `i`. */
export function pad(
  graph: Graph,
  x: Ir,
  before: readonly number[],
  after: readonly number[],
  mode: 'constant' | 'reflect' | 'edge' = 'constant',
  value = 0,
): Ir {
  if ([...before, ...after].every((count) => count === 0)) return x
  const shape = x.shape.map((extent, axis) => extent + before[axis] + after[axis])
  return graph.node('Pad', [x], { shape, dtype: x.dtype }, { before, after, mode, value })
}
