import { broadcastShapes } from '../facts.ts'
import { binary, cast, exactQuotient, unary, where, type BinaryOperator } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { broadcastTo, reshape } from '../graph/shaping.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

type Lower = (graph: Graph, a: Ir, b: Ir) => Ir

const direct =
  (operator: BinaryOperator): Lower =>
  (graph, a, b) =>
    binary(graph, operator, a, b)

const ARITHMETIC: Readonly<Record<string, Lower>> = {
  Add: direct('Add'),
  Atan2: atan2,
  EluGrad: (graph, dy, y) => binary(graph, 'Mul', dy, binary(graph, 'Min', binary(graph, 'Add', y, graph.scalar(1)), graph.scalar(1))),
  Maximum: direct('Max'),
  Minimum: direct('Min'),
  Mod: modulo,
  Multiply: direct('Mul'),
  Pow: direct('Pow'),
  RealDiv: direct('Div'),
  SquaredDifference: (graph, a, b) => {
    const difference = binary(graph, 'Sub', a, b)
    return binary(graph, 'Mul', difference, difference)
  },
  Sub: direct('Sub'),
}

const COMPARISON: Readonly<Record<string, Lower>> = {
  Equal: direct('Equal'),
  Greater: numeric('Greater'),
  GreaterEqual: numeric('GreaterOrEqual'),
  Less: numeric('Less'),
  LessEqual: numeric('LessOrEqual'),
  LogicalAnd: direct('And'),
  LogicalOr: direct('Or'),
  LogicalXor: direct('Xor'),
  NotEqual: (graph, a, b) => unary(graph, 'Not', binary(graph, 'Equal', a, b)),
}

const names = (kernel: string): readonly string[] => (kernel === 'EluGrad' ? ['dy', 'y'] : ['a', 'b'])

export const binaryKernels: readonly KernelDefinition[] = [
  ...Object.entries(ARITHMETIC).map(([name, lower]) =>
    defineKernel(
      name,
      names(name),
      ([a, b]) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }),
      (graph, [a, b]) => lower(graph, a, b),
    ),
  ),
  ...Object.entries(COMPARISON).map(([name, lower]) =>
    defineKernel(
      name,
      names(name),
      ([a, b]) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: 'bool' }),
      (graph, [a, b]) => lower(graph, a, b),
    ),
  ),
  // tfjs rounds down to an integer type whatever the operands are.
  defineKernel(
    'FloorDiv',
    ['a', 'b'],
    ([a, b]) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: 'int32' }),
    (graph, [a, b]) => cast(graph, floorDivide(graph, a, b), 'int32'),
  ),
  defineKernel(
    'AddN',
    'list',
    ([first]) => first,
    (graph, [first, ...rest]) => rest.reduce((sum, next) => binary(graph, 'Add', sum, next), first),
  ),
  defineKernel(
    'Prelu',
    ['x', 'alpha'],
    ([x, alpha]) => ({ shape: broadcastShapes(x.shape, alpha.shape), dtype: 'float32' }),
    (graph, [x, alpha]) => where(graph, binary(graph, 'Less', x, graph.scalar(0)), binary(graph, 'Mul', x, alpha), x),
  ),
  defineKernel('Select', ['condition', 't', 'e'], ([, t]) => t, select),
]

/** Booleans compare as 0 and 1. */
function numeric(operator: BinaryOperator): Lower {
  return (graph, a, b) =>
    a.dtype === 'bool' ? binary(graph, operator, cast(graph, a, 'int32'), cast(graph, b, 'int32')) : binary(graph, operator, a, b)
}

/** A condition of one axis chooses whole rows of tensors of more axes. */
function select(graph: Graph, [condition, t, e]: readonly Ir[]): Ir {
  const rows = condition.shape.length === 1 && t.shape.length > 1
  const mask = rows ? reshape(graph, condition, [...condition.shape, ...t.shape.slice(1).map(() => 1)]) : condition
  return broadcastTo(graph, where(graph, mask, t, e), t.shape)
}

function floorDivide(graph: Graph, a: Ir, b: Ir): Ir {
  if (a.dtype === 'float32') return unary(graph, 'Floor', exactQuotient(graph, a, b))
  const quotient = binary(graph, 'Div', a, b)
  const remainder = binary(graph, 'Sub', a, binary(graph, 'Mul', quotient, b))
  const zero = graph.scalar(0, 'int32')
  const isNegative = binary(graph, 'Xor', binary(graph, 'Less', remainder, zero), binary(graph, 'Less', b, zero))
  const isRounded = binary(graph, 'And', unary(graph, 'Not', binary(graph, 'Equal', remainder, zero)), isNegative)
  return binary(graph, 'Sub', quotient, cast(graph, isRounded, 'int32'))
}

/** The remainder with the divisor's sign, from the exact one with the dividend's: a quotient that is rounded up to a whole number would lose a whole divisor. */
function modulo(graph: Graph, a: Ir, b: Ir): Ir {
  if (a.dtype !== 'float32') return binary(graph, 'Mod', a, b)
  const remainder = binary(graph, 'Mod', a, b)
  const zero = graph.scalar(0)
  const hasOtherSign = binary(graph, 'Less', binary(graph, 'Mul', unary(graph, 'Sign', remainder), unary(graph, 'Sign', b)), zero)
  return where(graph, hasOtherSign, binary(graph, 'Add', remainder, b), remainder)
}

/** The angle of (x, y) in all four quadrants. */
function atan2(graph: Graph, y: Ir, x: Ir): Ir {
  const zero = graph.scalar(0)
  const angle = unary(graph, 'Atan', binary(graph, 'Div', y, x))
  const half = where(graph, binary(graph, 'Less', y, zero), graph.scalar(-Math.PI), graph.scalar(Math.PI))
  const turned = where(graph, binary(graph, 'Less', x, zero), binary(graph, 'Add', angle, half), angle)
  const isOrigin = binary(graph, 'And', binary(graph, 'Equal', y, zero), binary(graph, 'Equal', x, zero))
  return where(graph, isOrigin, zero, turned)
}
