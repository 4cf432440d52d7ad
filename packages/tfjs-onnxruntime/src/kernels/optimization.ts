import { binary, unary } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

interface AdamAttributes {
  readonly beta1: number
  readonly beta2: number
}

/** Ours: one step of Adam; gives the moved variable, the first moment and the second. */
function adam(graph: Graph, inputs: readonly Ir[], { beta1, beta2 }: AdamAttributes): readonly Ir[] {
  const [variable, gradient, first, second, rate, epsilon] = inputs
  const decayed = (moment: Ir, beta: number, value: Ir): Ir =>
    binary(graph, 'Add', binary(graph, 'Mul', moment, graph.scalar(beta)), binary(graph, 'Mul', value, graph.scalar(1 - beta)))
  const mean = decayed(first, beta1, gradient)
  const square = decayed(second, beta2, binary(graph, 'Mul', gradient, gradient))
  const direction = binary(graph, 'Div', mean, binary(graph, 'Add', unary(graph, 'Sqrt', square), epsilon))
  return [binary(graph, 'Sub', variable, binary(graph, 'Mul', direction, rate)), mean, square]
}

export const optimizationKernels: readonly KernelDefinition[] = [
  defineKernel<AdamAttributes>(
    'AdamStep',
    ['variable', 'gradient', 'first', 'second', 'rate', 'epsilon'],
    ([variable, , first, second]) => [variable, first, second],
    adam,
  ),
]
