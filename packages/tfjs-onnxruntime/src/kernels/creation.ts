import { util } from '@tensorflow/tfjs-core'
import type { ElementType } from '../facts.ts'
import { binary, where } from '../graph/elementwise.ts'
import { broadcastTo, reshape } from '../graph/shaping.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

interface FillAttributes {
  readonly shape: readonly number[]
  readonly value: number
  readonly dtype?: ElementType
}

interface RangeAttributes {
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly dtype: 'float32' | 'int32'
}

interface OneHotAttributes {
  readonly depth: number
  readonly onValue: number
  readonly offValue: number
  readonly dtype?: ElementType
}

/** Kernels that make tensors out of nothing. */
export const creationKernels: readonly KernelDefinition[] = [
  defineKernel<FillAttributes>(
    'Fill',
    [],
    (_, { shape, dtype }) => ({ shape, dtype: dtype ?? 'float32' }),
    (graph, _, { shape, value, dtype }) => broadcastTo(graph, graph.scalar(value, dtype ?? 'float32'), shape),
  ),
  defineKernel(
    'ZerosLike',
    ['x'],
    ([x]) => x,
    (graph, [x]) => broadcastTo(graph, graph.scalar(0, x.dtype), x.shape),
  ),
  defineKernel(
    'OnesLike',
    ['x'],
    ([x]) => x,
    (graph, [x]) => broadcastTo(graph, graph.scalar(1, x.dtype), x.shape),
  ),
  defineKernel<RangeAttributes>(
    'Range',
    [],
    (_, attributes) => ({ shape: [range(attributes).length], dtype: attributes.dtype }),
    (graph, _, attributes) => {
      const values = range(attributes)
      return graph.constant(
        attributes.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values),
        [values.length],
        attributes.dtype,
      )
    },
  ),
  defineKernel<{ readonly start: number; readonly stop: number; readonly num: number }>(
    'LinSpace',
    [],
    (_, { num }) => ({ shape: [num], dtype: 'float32' }),
    (graph, _, { start, stop, num }) => {
      const step = num > 1 ? (stop - start) / (num - 1) : 0
      return graph.constant(
        Float32Array.from({ length: num }, (__, index) => start + index * step),
        [num],
        'float32',
      )
    },
  ),
  defineKernel<OneHotAttributes>(
    'OneHot',
    ['indices'],
    ([indices], { depth, dtype }) => ({ shape: [...indices.shape, depth], dtype: dtype ?? 'int32' }),
    (graph, [indices], { depth, onValue, offValue, dtype = 'int32' }) => {
      const places = graph.constant(
        Int32Array.from({ length: depth }, (_, index) => index),
        [depth],
        'int32',
      )
      const isHot = binary(graph, 'Equal', reshape(graph, indices, [...indices.shape, 1]), places)
      return where(graph, isHot, graph.scalar(onValue, dtype), graph.scalar(offValue, dtype))
    },
  ),
]

/** What tfjs's own `range` gives, its rounding included. */
function range({ start, stop, step, dtype }: RangeAttributes): readonly number[] {
  if (start === stop || (start < stop && step < 0) || (stop < start && step > 1)) return []
  const count = Math.abs(Math.ceil((stop - start) / step))
  const values = util.makeZerosTypedArray(count, dtype)
  values[0] = start
  for (let index = 1; index < count; index++) values[index] = values[index - 1] + step
  return [...values]
}
