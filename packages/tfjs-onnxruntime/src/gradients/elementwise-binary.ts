import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOf, gradientOfList, sumTo } from './gradient.ts'

type Derive = (dy: Tensor, a: Tensor, b: Tensor) => Tensor

/** The gradients for both operands; what was broadcast is summed. */
function pair(name: string, a: Derive, b: Derive): GradConfig {
  return gradientOf(name, { inputs: ['a', 'b'] }, (dy, [left, right]) => ({
    a: () => sumTo(a(dy, left, right), left.shape),
    b: () => sumTo(b(dy, left, right), right.shape),
  }))
}

const kept = (dy: Tensor, condition: Tensor): Tensor => tf.where(condition, dy, tf.zerosLike(dy))

/** Which operand is taken: the first at a tie. */
const choosing = (name: string, isFirst: (a: Tensor, b: Tensor) => Tensor): GradConfig =>
  pair(
    name,
    (dy, a, b) => kept(dy, isFirst(a, b)),
    (dy, a, b) => kept(dy, tf.logicalNot(isFirst(a, b))),
  )

export const binaryGradients: readonly GradConfig[] = [
  pair(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  pair(
    'Sub',
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  pair(
    'Multiply',
    (dy, _, b) => tf.mul(dy, tf.cast(b, 'float32')),
    (dy, a) => tf.mul(dy, tf.cast(a, 'float32')),
  ),
  pair(
    'RealDiv',
    (dy, _, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  ),
  ...['Equal', 'FloorDiv', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'LogicalXor', 'NotEqual'].map(
    (name) => gradientOf(name, { inputs: ['a', 'b'] }, (_, [a, b]) => ({ a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) })),
  ),
  pair(
    'Mod',
    (dy) => dy,
    (dy, a, b) => tf.neg(tf.mul(dy, tf.floor(tf.div(a, b)))),
  ),
  pair(
    'Pow',
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    // The power of a base that is not positive is no differentiable function of the exponent.
    (dy, a, b) => tf.mul(dy, tf.mul(tf.pow(a, b), tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a)))),
  ),
  pair(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
  pair(
    'Atan2',
    (dy, a, b) => tf.div(tf.mul(dy, b), tf.add(tf.square(a), tf.square(b))),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.add(tf.square(a), tf.square(b)))),
  ),
  choosing('Maximum', tf.greaterEqual),
  choosing('Minimum', tf.lessEqual),
  gradientOfList('AddN', (dy, inputs) => inputs.map(() => () => dy)),
  gradientOf('Prelu', { inputs: ['x', 'alpha'] }, (dy, [x, alpha]) => ({
    x: () => tf.where(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
    alpha: () => sumTo(tf.where(tf.greater(x, 0), tf.zerosLike(dy), tf.mul(dy, x)), alpha.shape),
  })),
  gradientOf('Select', { inputs: ['condition'] }, (dy, [condition]) => {
    const mask =
      condition.rank < dy.rank && condition.rank === 1
        ? tf.reshape(condition, [...condition.shape, ...dy.shape.slice(1).map(() => 1)])
        : condition
    return {
      condition: () => tf.zeros(condition.shape),
      t: () => tf.where(mask, dy, tf.zerosLike(dy)),
      e: () => tf.where(mask, tf.zerosLike(dy), dy),
    }
  }),
]
