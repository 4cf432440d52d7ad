import { normalizeAxes, type ElementType, type Facts } from '../facts.ts'
import { cast } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { reduce, type ReduceOperator } from '../graph/reduction.ts'
import { reshape } from '../graph/shaping.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

interface ReductionAttributes {
  readonly axis?: number | readonly number[]
  readonly reductionIndices?: number | readonly number[]
  readonly keepDims?: boolean
}

function reduction(
  name: string,
  operator: ReduceOperator,
  computeIn: (dtype: ElementType) => ElementType,
  result = computeIn,
): KernelDefinition {
  const axesOf = (shape: readonly number[], { axis, reductionIndices }: ReductionAttributes): number[] =>
    normalizeAxes(reductionIndices ?? axis, shape.length)
  return defineKernel<ReductionAttributes>(
    name,
    ['x'],
    ([x], attributes) => ({ shape: reducedShape(x, axesOf(x.shape, attributes), attributes.keepDims === true), dtype: result(x.dtype) }),
    (graph, [x], attributes) => {
      const reduced = reduce(graph, operator, cast(graph, x, computeIn(x.dtype)), axesOf(x.shape, attributes), attributes.keepDims === true)
      return cast(graph, reduced, result(x.dtype))
    },
  )
}

function reducedShape({ shape }: Facts, axes: readonly number[], keep: boolean): number[] {
  return keep ? shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)) : shape.filter((_, axis) => !axes.includes(axis))
}

const numeric = (dtype: ElementType): ElementType => (dtype === 'bool' ? 'int32' : dtype)
const integer = (): ElementType => 'int32'
const bool = (): ElementType => 'bool'

function position(name: 'ArgMax' | 'ArgMin'): KernelDefinition {
  return defineKernel<{ readonly axis: number | readonly number[] }>(
    name,
    ['x'],
    ([x], { axis }) => ({ shape: reducedShape(x, normalizeAxes(axis, x.shape.length), false), dtype: 'int32' }),
    (graph, [x], attributes) => {
      const [axis] = normalizeAxes(attributes.axis, x.shape.length)
      const kept = x.shape.map((extent, index) => (index === axis ? 1 : extent))
      const found = graph.node('Position', [cast(graph, x, numeric(x.dtype))], { shape: kept, dtype: 'int32' }, { operator: name, axis })
      return reshape(graph, found, reducedShape(x, [axis], false))
    },
  )
}

interface CumulativeAttributes {
  readonly axis: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

function softmax(
  name: 'Softmax' | 'LogSoftmax',
  axisOf: (attributes: { readonly dim?: number; readonly axis?: number }) => number,
): KernelDefinition {
  return defineKernel<{ readonly dim?: number; readonly axis?: number }>(
    name,
    ['logits'],
    ([x]) => x,
    (graph, [x], attributes) => {
      const [axis] = normalizeAxes(axisOf(attributes), x.shape.length)
      return graph.node('Softmax', [x], x, { operator: name, axis })
    },
  )
}

function topK(graph: Graph, [x]: readonly Ir[], { k }: { readonly k: number }): readonly Ir[] {
  const shape = [...x.shape.slice(0, -1), k]
  const both = graph.node('TopK', [x], { shape, dtype: x.dtype }, { k })
  return [
    graph.node('Part', [both], { shape, dtype: x.dtype }, { index: 0 }),
    graph.node('Part', [both], { shape, dtype: 'int32' }, { index: 1 }),
  ]
}

export const reductionKernels: readonly KernelDefinition[] = [
  reduction('Sum', 'ReduceSum', numeric),
  reduction('Mean', 'ReduceMean', () => 'float32'),
  reduction('Max', 'ReduceMax', numeric, (dtype) => dtype),
  reduction('Min', 'ReduceMin', numeric, (dtype) => dtype),
  reduction('Prod', 'ReduceProd', numeric),
  reduction('All', 'ReduceMin', integer, bool),
  reduction('Any', 'ReduceMax', integer, bool),
  position('ArgMax'),
  position('ArgMin'),
  defineKernel<CumulativeAttributes>(
    'Cumsum',
    ['x'],
    ([x]) => x,
    (graph, [x], { axis, exclusive, reverse }) =>
      graph.node('CumulativeSum', [x], x, { axis: normalizeAxes(axis, x.shape.length)[0], exclusive, reverse }),
  ),
  softmax('Softmax', ({ dim }) => dim ?? -1),
  softmax('LogSoftmax', ({ axis }) => axis ?? -1),
  defineKernel<{ readonly k: number }>(
    'TopK',
    ['x'],
    ([x], { k }) => [
      { shape: [...x.shape.slice(0, -1), k], dtype: x.dtype },
      { shape: [...x.shape.slice(0, -1), k], dtype: 'int32' },
    ],
    topK,
  ),
]
