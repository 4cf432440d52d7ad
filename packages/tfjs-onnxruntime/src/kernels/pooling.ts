import { sizeOf, type Facts } from '../facts.ts'
import { binary } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { coverage, poolWindow, windowAttributes, type PoolAttributes, type Window } from './convolution-geometry.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

function pooledShape([x]: readonly Facts[], attributes: PoolAttributes): Facts {
  const { output } = poolWindow(x.shape, attributes)
  return { shape: [x.shape[0], ...output, x.shape[3]], dtype: x.dtype }
}

/** The largest elements, and with them where they were found: what the gradient needs. */
function maxPool(graph: Graph, x: Ir, attributes: PoolAttributes): { readonly values: Ir; readonly places: Ir } {
  const facts = pooledShape([x], attributes)
  const both = graph.node('MaxPool', [x], facts, windowAttributes(poolWindow(x.shape, attributes)))
  return {
    values: graph.node('Part', [both], facts, { index: 0 }),
    places: graph.node('Part', [both], { ...facts, dtype: 'int32' }, { index: 1 }),
  }
}

/** What every sum is divided by, as `[1, height, width, 1]` or one number. */
function divisors(graph: Graph, shape: readonly number[], geometry: Window): Ir {
  const counts = coverage(shape, geometry)
  return counts.every((count) => count === counts[0])
    ? graph.scalar(counts[0])
    : graph.constant(Float32Array.from(counts), [1, ...geometry.output, 1], 'float32')
}

function averageGradient(graph: Graph, [dy, input]: readonly Ir[], attributes: PoolAttributes): Ir {
  const geometry = poolWindow(input.shape, attributes)
  const shares = binary(graph, 'Div', dy, divisors(graph, input.shape, geometry))
  return graph.node('SumPoolGrad', [shares], { shape: input.shape, dtype: 'float32' }, windowAttributes(geometry))
}

export const poolingKernels: readonly KernelDefinition[] = [
  defineKernel<PoolAttributes>('MaxPool', ['x'], pooledShape, (graph, [x], attributes) => maxPool(graph, x, attributes).values),
  defineKernel<PoolAttributes>('AvgPool', ['x'], pooledShape, (graph, [x], attributes) =>
    graph.node('AveragePool', [x], pooledShape([x], attributes), windowAttributes(poolWindow(x.shape, attributes))),
  ),
  defineKernel<PoolAttributes>(
    'MaxPoolGrad',
    ['dy', 'input', 'output'],
    ([, input]) => input,
    (graph, [dy, input], attributes) => {
      const { places } = maxPool(graph, input, attributes)
      return graph.node('MaxPoolGrad', [dy, places], input, { size: sizeOf(input.shape) })
    },
  ),
  defineKernel<PoolAttributes>('AvgPoolGrad', ['dy', 'input'], ([, input]) => input, averageGradient),
]
