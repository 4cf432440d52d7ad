import { binary, cast, clip, unary, where, type UnaryOperator } from '../graph/elementwise.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

/** The scale and the slope of SELU (Klambauer et al., "Self-Normalizing Neural Networks", 2017, with the digits that tfjs uses). */
const SELU_SCALE = 1.0507009873554805
const SELU_ALPHA = 1.6732632423543772

type Lower = (graph: Graph, x: Ir) => Ir

/** Kernels that are one operator of ONNX. */
const DIRECT: Readonly<Record<string, UnaryOperator>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Elu: 'Elu',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
}

/** Operators that ONNX Runtime has for floats only and that leave integers as they are. */
const ROUNDING: ReadonlySet<string> = new Set(['Ceil', 'Floor', 'Round'])

const COMPOSED: Readonly<Record<string, Lower>> = {
  Expm1: expm1,
  Log1p: log1p,
  Relu: (graph, x) => (x.dtype === 'float32' ? unary(graph, 'Relu', x) : binary(graph, 'Max', x, graph.scalar(0, x.dtype))),
  Relu6: (graph, x) => clip(graph, x, 0, 6),
  Rsqrt: (graph, x) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', x)),
  Selu: (graph, x) => unary(graph, 'Selu', x, { alpha: SELU_ALPHA, gamma: SELU_SCALE }),
  Square: (graph, x) => binary(graph, 'Mul', x, x),
}

/** Kernels whose result is bool. */
const PREDICATES: Readonly<Record<string, Lower>> = {
  IsFinite: (graph, x) => unary(graph, 'Not', binary(graph, 'Or', unary(graph, 'IsNaN', x), unary(graph, 'IsInf', x))),
  IsInf: (graph, x) => unary(graph, 'IsInf', x),
  IsNan: (graph, x) => unary(graph, 'IsNaN', x),
  LogicalNot: (graph, x) => unary(graph, 'Not', x),
}

export const unaryKernels: readonly KernelDefinition[] = [
  ...Object.entries(DIRECT).map(([name, operator]) =>
    defineKernel(
      name,
      ['x'],
      ([x]) => x,
      (graph, [x]) => (ROUNDING.has(name) && x.dtype !== 'float32' ? x : unary(graph, operator, x)),
    ),
  ),
  ...Object.entries(COMPOSED).map(([name, lower]) =>
    defineKernel(
      name,
      ['x'],
      ([x]) => x,
      (graph, [x]) => lower(graph, x),
    ),
  ),
  ...Object.entries(PREDICATES).map(([name, lower]) =>
    defineKernel(
      name,
      ['x'],
      ([x]) => ({ shape: x.shape, dtype: 'bool' }),
      (graph, [x]) => lower(graph, x),
    ),
  ),
  defineKernel<{ readonly alpha: number }>(
    'LeakyRelu',
    ['x'],
    ([x]) => ({ shape: x.shape, dtype: 'float32' }),
    (graph, [x], { alpha }) => unary(graph, 'LeakyRelu', cast(graph, x, 'float32'), { alpha }),
  ),
  defineKernel<{ readonly alpha: number }>('Step', ['x'], ([x]) => x, step),
  defineKernel<{ readonly clipValueMin: number; readonly clipValueMax: number }>(
    'ClipByValue',
    ['x'],
    ([x]) => x,
    (graph, [x], { clipValueMin, clipValueMax }) => clip(graph, x, clipValueMin, clipValueMax),
  ),
  defineKernel<{ readonly dtype: 'float32' | 'int32' | 'bool' }>(
    'Cast',
    ['x'],
    ([x], { dtype }) => ({ shape: x.shape, dtype }),
    (graph, [x], { dtype }) => cast(graph, x, dtype),
  ),
]

/** `exp(x) - 1` without cancellation near 0: `2 t / (1 - t)` with `t = tanh(x / 2)`. */
function expm1(graph: Graph, x: Ir): Ir {
  const tanh = unary(graph, 'Tanh', binary(graph, 'Mul', x, graph.scalar(0.5)))
  const near = binary(graph, 'Div', binary(graph, 'Mul', graph.scalar(2), tanh), binary(graph, 'Sub', graph.scalar(1), tanh))
  const far = binary(graph, 'Sub', unary(graph, 'Exp', x), graph.scalar(1))
  return where(graph, binary(graph, 'Less', unary(graph, 'Abs', x), graph.scalar(0.5)), near, far)
}

/** `log(1 + x)` without loss near 0: `log(u) x / (u - 1)` with `u = 1 + x` rounded (W. Kahan; Higham, "Accuracy and Stability of Numerical Algorithms", 1.14.1). */
function log1p(graph: Graph, x: Ir): Ir {
  const one = graph.scalar(1)
  const sum = binary(graph, 'Add', x, one)
  const difference = binary(graph, 'Sub', sum, one)
  const isExact = binary(graph, 'Or', binary(graph, 'Equal', difference, graph.scalar(0)), unary(graph, 'IsInf', sum))
  const log = unary(graph, 'Log', sum)
  const scaled = binary(graph, 'Mul', log, binary(graph, 'Div', x, where(graph, isExact, one, difference)))
  return where(graph, binary(graph, 'Equal', difference, graph.scalar(0)), x, where(graph, unary(graph, 'IsInf', sum), log, scaled))
}

/** 1 above 0, `alpha` elsewhere, NaN for NaN. */
function step(graph: Graph, [x]: readonly Ir[], { alpha }: { readonly alpha: number }): Ir {
  const isPositive = binary(graph, 'Greater', x, graph.scalar(0, x.dtype))
  const stepped = where(graph, isPositive, graph.scalar(1, x.dtype), graph.scalar(alpha, x.dtype))
  return x.dtype === 'float32' ? where(graph, unary(graph, 'IsNaN', x), x, stepped) : stepped
}
