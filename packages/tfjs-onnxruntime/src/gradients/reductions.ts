import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { normalizeAxes, sizeOf } from '../facts.ts'
import { gradientOf, gradientOfMany } from './gradient.ts'

interface ReductionAttributes {
  readonly axis?: number | readonly number[]
  readonly reductionIndices?: number | readonly number[]
}

/** A reduced tensor with its axes back, of extent 1. */
function withAxes(reduced: Tensor, x: Tensor, { axis, reductionIndices }: ReductionAttributes): Tensor {
  const axes = normalizeAxes(reductionIndices ?? axis, x.rank)
  return tf.reshape(
    reduced,
    x.shape.map((extent, index) => (axes.includes(index) ? 1 : extent)),
  )
}

/** Elements that tie for the extremum share its gradient evenly. */
function extremum(name: string): GradConfig {
  return gradientOf<ReductionAttributes>(name, { inputs: ['x'], outputs: [true] }, (dy, [x, y], attributes) => ({
    x: () => {
      const axes = normalizeAxes(attributes.reductionIndices ?? attributes.axis, x.rank)
      const isBest = tf.cast(tf.equal(x, withAxes(y, x, attributes)), 'float32')
      return tf.mul(isBest, tf.div(withAxes(dy, x, attributes), tf.sum(isBest, axes, true)))
    },
  }))
}

/** The product of the other elements, true with zeros among them. */
function product(dy: Tensor, x: Tensor, attributes: ReductionAttributes): Tensor {
  const axes = normalizeAxes(attributes.axis, x.rank)
  const isZero = tf.equal(x, 0)
  const zeros = tf.sum(tf.cast(isZero, 'float32'), axes, true)
  const nonZero = tf.where(isZero, tf.onesLike(x), x)
  const whole = tf.prod(nonZero, axes, true)
  const others = tf.where(isZero, tf.broadcastTo(whole, x.shape), tf.div(whole, nonZero))
  const zerosElsewhere = tf.sub(zeros, tf.cast(isZero, 'float32'))
  return tf.mul(withAxes(dy, x, attributes), tf.where(tf.equal(zerosElsewhere, 0), others, tf.zerosLike(x)))
}

interface CumulativeAttributes {
  readonly axis: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

/** The gradient goes back to where the largest values were found. */
function scatterRows(dy: Tensor, indices: Tensor, shape: readonly number[]): Tensor {
  const extent = shape[shape.length - 1]
  const rows = sizeOf(shape) / extent
  const taken = indices.size / rows
  const offsets = tf.mul(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), tf.scalar(extent, 'int32'))
  const places = tf.add(tf.reshape(indices, [rows, taken]), offsets)
  return tf.reshape(tf.scatterND(tf.reshape(places, [rows * taken, 1]), tf.reshape(dy, [rows * taken]), [rows * extent]), [...shape])
}

export const reductionGradients: readonly GradConfig[] = [
  gradientOf<ReductionAttributes>('Sum', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => tf.broadcastTo(withAxes(dy, x, attributes), x.shape),
  })),
  gradientOf<ReductionAttributes>('Mean', { inputs: ['x'] }, (dy, [x], attributes) => ({
    x: () => tf.broadcastTo(withAxes(tf.div(dy, x.size / Math.max(1, dy.size)), x, attributes), x.shape),
  })),
  extremum('Max'),
  extremum('Min'),
  gradientOf<ReductionAttributes>('Prod', { inputs: ['x'] }, (dy, [x], attributes) => ({ x: () => product(dy, x, attributes) })),
  gradientOf('ArgMax', { inputs: ['x'] }, (_, [x]) => ({ x: () => tf.zeros(x.shape) })),
  gradientOf('ArgMin', { inputs: ['x'] }, (_, [x]) => ({ x: () => tf.zeros(x.shape) })),
  gradientOf<CumulativeAttributes>('Cumsum', {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  })),
  gradientOf<{ readonly dim: number }>('Softmax', { outputs: [true] }, (dy, [y], { dim }) => ({
    logits: () => {
      const weighted = tf.mul(dy, y)
      return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y))
    },
  })),
  gradientOf<{ readonly axis: number }>('LogSoftmax', { outputs: [true] }, (dy, [y], { axis }) => ({
    logits: () => tf.sub(dy, tf.mul(tf.sum(dy, axis, true), tf.exp(y))),
  })),
  gradientOfMany<unknown>('TopK', { inputs: ['x'], outputs: [false, true] }, ([dy], [x, indices]) => ({
    x: () => scatterRows(dy, indices, x.shape),
  })),
]
