import { sameShape, sizeOf } from '../facts.ts'
import { binary } from './elementwise.ts'
import type { Graph } from './graph.ts'
import type { Ir } from './ir.ts'
import { reshape } from './shaping.ts'

export type ReduceOperator = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd'

/** Reduces over the given axes (counted from 0); they are kept with extent 1 or taken out. */
export function reduce(graph: Graph, operator: ReduceOperator, x: Ir, axes: readonly number[], keepAxes: boolean): Ir {
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
  const shape = keepAxes ? kept : x.shape.filter((_, axis) => !axes.includes(axis))
  return reshape(graph, reduceKeeping(graph, operator, x, axes, kept), shape)
}

function reduceKeeping(graph: Graph, operator: ReduceOperator, x: Ir, axes: readonly number[], kept: readonly number[]): Ir {
  if (axes.length === 0 || sizeOf(x.shape) === sizeOf(kept)) return reshape(graph, x, kept)
  const shorter = operator === 'ReduceSum' ? (withoutFactor(graph, x, axes) ?? channelDot(graph, x, axes, kept)) : null
  return shorter ?? graph.node('Reduce', [x], { shape: kept, dtype: x.dtype }, { operator, axes })
}

/** `sum(x * c)` is `c * sum(x)` when `c` does not vary along the axes that are summed over: the product need not come to be. */
function withoutFactor(graph: Graph, x: Ir, axes: readonly number[]): Ir | null {
  if (x.op !== 'Elementwise' || x.attributes['operator'] !== 'Mul' || x.dtype !== 'float32') return null
  for (const [factor, other] of [
    [x.inputs[0], x.inputs[1]],
    [x.inputs[1], x.inputs[0]],
  ]) {
    const lead = x.shape.length - factor.shape.length
    const isConstant = axes.every((axis) => axis < lead || factor.shape[axis - lead] === 1)
    if (isConstant && sizeOf(factor.shape) < sizeOf(other.shape) && sizeOf(other.shape) === sizeOf(x.shape))
      return binary(graph, 'Mul', reduce(graph, 'ReduceSum', other, axes, true), factor)
  }
  return null
}

/** The sum of products over everything but the channels: as products of rows and columns they need not be written down. */
function channelDot(graph: Graph, x: Ir, axes: readonly number[], kept: readonly number[]): Ir | null {
  if (x.op !== 'Elementwise' || x.attributes['operator'] !== 'Mul' || x.dtype !== 'float32') return null
  const isOverImages = x.shape.length === 4 && axes.join() === '0,1,2'
  return isOverImages && x.inputs.every((input) => sameShape(input.shape, x.shape))
    ? graph.node('ChannelDot', x.inputs, { shape: kept, dtype: 'float32' })
    : null
}
