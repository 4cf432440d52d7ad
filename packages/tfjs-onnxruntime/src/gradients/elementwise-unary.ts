import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOf } from './gradient.ts'

/** SELU's constants, as in its kernel. */
const SELU_SCALE = 1.0507009873554805
const SELU_ALPHA = 1.6732632423543772

type Derive = (dy: Tensor, value: Tensor) => Tensor

const square = (x: Tensor): Tensor => tf.square(x)
const oneMinusSquare = (x: Tensor): Tensor => tf.sub(1, square(x))

/** Gradients in terms of the input. */
const BY_INPUT: Readonly<Record<string, Derive>> = {
  Abs: (dy, x) => tf.mul(dy, tf.sign(x)),
  Acos: (dy, x) => tf.neg(tf.div(dy, tf.sqrt(oneMinusSquare(x)))),
  Acosh: (dy, x) => tf.div(dy, tf.sqrt(tf.sub(square(x), 1))),
  Asin: (dy, x) => tf.div(dy, tf.sqrt(oneMinusSquare(x))),
  Asinh: (dy, x) => tf.div(dy, tf.sqrt(tf.add(square(x), 1))),
  Atan: (dy, x) => tf.div(dy, tf.add(square(x), 1)),
  Atanh: (dy, x) => tf.div(dy, oneMinusSquare(x)),
  Cos: (dy, x) => tf.neg(tf.mul(dy, tf.sin(x))),
  Cosh: (dy, x) => tf.mul(dy, tf.sinh(x)),
  Erf: (dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(square(x))))),
  Log: (dy, x) => tf.div(dy, x),
  Log1p: (dy, x) => tf.div(dy, tf.add(x, 1)),
  Relu6: (dy, x) => tf.where(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 6)), dy, tf.zerosLike(dy)),
  Selu: (dy, x) => tf.mul(dy, tf.where(tf.greater(x, 0), tf.fill(x.shape, SELU_SCALE), tf.mul(SELU_SCALE * SELU_ALPHA, tf.exp(x)))),
  Sin: (dy, x) => tf.mul(dy, tf.cos(x)),
  Sinh: (dy, x) => tf.mul(dy, tf.cosh(x)),
  Softplus: (dy, x) => tf.mul(dy, tf.sigmoid(x)),
  Square: (dy, x) => tf.mul(dy, tf.mul(2, x)),
  Tan: (dy, x) => tf.div(dy, square(tf.cos(x))),
}

/** Gradients in terms of the output, which then is all that has to be kept. */
const BY_OUTPUT: Readonly<Record<string, Derive>> = {
  Elu: (dy, y) => tf.mul(dy, tf.minimum(tf.add(y, 1), 1)),
  Exp: (dy, y) => tf.mul(dy, y),
  Expm1: (dy, y) => tf.mul(dy, tf.add(y, 1)),
  Reciprocal: (dy, y) => tf.neg(tf.mul(dy, square(y))),
  // The output is never negative, so its sign is the step function.
  Relu: (dy, y) => tf.mul(dy, tf.sign(y)),
  Rsqrt: (dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(square(y), y))),
  Sigmoid: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  Sqrt: (dy, y) => tf.div(dy, tf.mul(2, y)),
  Tanh: (dy, y) => tf.mul(dy, oneMinusSquare(y)),
}

/** Piecewise constant functions. */
const FLAT = ['Ceil', 'Floor', 'IsFinite', 'IsInf', 'IsNan', 'LogicalNot', 'Round', 'Sign', 'Step', 'OnesLike', 'ZerosLike']

export const unaryGradients: readonly GradConfig[] = [
  ...Object.entries(BY_INPUT).map(([name, derive]) => gradientOf(name, { inputs: ['x'] }, (dy, [x]) => ({ x: () => derive(dy, x) }))),
  ...Object.entries(BY_OUTPUT).map(([name, derive]) => gradientOf(name, { outputs: [true] }, (dy, [y]) => ({ x: () => derive(dy, y) }))),
  ...FLAT.map((name) => gradientOf(name, {}, (dy) => ({ x: () => tf.zeros(dy.shape) }))),
  gradientOf('Identity', {}, (dy) => ({ x: () => dy })),
  gradientOf('Cast', {}, (dy) => ({ x: () => tf.cast(dy, 'float32') })),
  gradientOf('Neg', {}, (dy) => ({ x: () => tf.neg(dy) })),
  gradientOf<{ readonly alpha: number }>('LeakyRelu', { inputs: ['x'] }, (dy, [x], { alpha }) => ({
    x: () => tf.where(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
  })),
  gradientOf<{ readonly clipValueMin: number; readonly clipValueMax: number }>(
    'ClipByValue',
    { inputs: ['x'] },
    (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () => tf.where(tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax)), dy, tf.zerosLike(dy)),
    }),
  ),
]
