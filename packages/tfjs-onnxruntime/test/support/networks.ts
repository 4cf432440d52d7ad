import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { affineGrid, batchNormTraining, gridSample } from '../../src/index.ts'
import { adam, sgd, type TrainStep } from './optimizers.ts'
import { drawn, FILTER, IMAGE, parameter } from './uniform.ts'

/** A small network, its data of any step and its optimiser; the twins of those in scripts/make-training-fixtures.py. */
export interface SmallNetwork {
  readonly loss: (step: number) => Scalar
  readonly train: TrainStep
}

export const PAD_ONE: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
]

/** How batch norm is written: with the kernel, or composed from primitives of tfjs. */
export type BatchNormStyle = 'kernel' | 'composed'

function batchNorm(style: BatchNormStyle, x: Tensor, scale: Tensor, offset: Tensor): Tensor4D {
  if (style === 'kernel') return batchNormTraining(x as Tensor4D, scale as Tensor1D, offset as Tensor1D).result
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  return tf.batchNorm(x as Tensor4D, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D, 1e-5)
}

export function convolutional(style: BatchNormStyle): SmallNetwork {
  const w1 = parameter(1, [8, 3, 3, 3], 0.3, FILTER)
  const [g1, b1] = [parameter(2, [8], 0.1, undefined, 1), parameter(3, [8], 0.1)]
  const w2 = parameter(4, [16, 8, 3, 3], 0.2, FILTER)
  const [g2, b2] = [parameter(5, [16], 0.1, undefined, 1), parameter(6, [16], 0.1)]
  const [w3, b3] = [parameter(7, [4, 16], 0.3, [1, 0]), parameter(8, [4], 0.1)]
  return {
    train: sgd([w1, g1, b1, w2, g2, b2, w3, b3], 0.1, 0.9, 1e-4),
    loss(step) {
      const x = drawn(100 + step, [8, 3, 16, 16], 1, IMAGE) as Tensor4D
      const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32'), 4)
      const first = tf.relu(batchNorm(style, tf.conv2d(x, w1 as Tensor4D, 1, 'same'), g1, b1))
      const pooled = tf.maxPool(first, 3, 2, PAD_ONE)
      const second = tf.relu(batchNorm(style, tf.conv2d(pooled, w2 as Tensor4D, 2, PAD_ONE), g2, b2))
      const logits = tf.add(tf.matMul(tf.mean(second, [1, 2]) as Tensor2D, w3 as Tensor2D), b3)
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(labels, 'float32')), 1)))
    },
  }
}

export function flow(): SmallNetwork {
  const gain = parameter(50, [8, 8, 8], 0.1, [1, 2, 0], 1)
  const shift = parameter(51, [8, 8, 8], 0.1, [1, 2, 0])
  const blocks = [0, 1, 2, 3].map((index) => ({
    w1: parameter(10 + 4 * index, [16, 4, 3, 3], 0.2, FILTER),
    b1: parameter(11 + 4 * index, [16], 0.1),
    w2: parameter(12 + 4 * index, [8, 16, 3, 3], 0.1, FILTER),
    b2: parameter(13 + 4 * index, [8], 0.05),
  }))
  return {
    train: adam([gain, shift, ...blocks.flatMap(({ w1, b1, w2, b2 }) => [w1, b1, w2, b2])], { rate: 1e-3, decay: 1e-5 }),
    loss(step) {
      const data = drawn(200 + step, [4, 8, 8, 8], 2, IMAGE)
      const { mean, variance } = tf.moments(data, [1, 2, 3], true)
      let x = tf.add(tf.mul(tf.div(tf.sub(data, mean), tf.sqrt(tf.add(variance, 1e-5))), gain), shift) as Tensor4D
      let logDeterminant: Tensor = tf.zeros([4])
      for (const { w1, b1, w2, b2 } of blocks) {
        const [first, second] = tf.split<Tensor4D>(x, 2, 3)
        const inner = tf.relu(tf.add(tf.conv2d(first, w1 as Tensor4D, 1, 'same'), b1))
        const [scales, shifts] = tf.split(tf.add(tf.conv2d(inner as Tensor4D, w2 as Tensor4D, 1, 'same'), b2), 2, 3)
        const scale = tf.mul(tf.atan(scales), 1.9 * 0.636)
        const moved = tf.add(tf.mul(second, tf.exp(scale)), shifts) as Tensor4D
        logDeterminant = tf.add(logDeterminant, tf.sum(scale, [1, 2, 3]))
        x = tf.gather(tf.concat([first, moved], 3), tf.tensor1d([5, 2, 7, 0, 3, 6, 1, 4], 'int32'), 3)
      }
      return tf.mean(tf.sub(tf.mul(tf.sum(tf.square(x), [1, 2, 3]), 0.5), logDeterminant))
    },
  }
}

export function transformer(): SmallNetwork {
  const [w1, b1] = [parameter(60, [8, 3, 3, 3], 0.3, FILTER), parameter(61, [8], 0.1)]
  const [w2, b2] = [parameter(62, [6, 512], 0.02, [1, 0]), parameter(63, [6], 0.05)]
  const [w3, b3] = [parameter(64, [4, 3, 3, 3], 0.3, FILTER), parameter(65, [4], 0.1)]
  return {
    train: adam([w1, b1, w2, b2, w3, b3], { rate: 3e-3, decay: 1e-2, decoupled: true, epsilon: 1e-2 }),
    loss(step) {
      const x = tf.image.resizeBilinear(drawn(300 + step, [4, 3, 5, 5], 1, IMAGE) as Tensor4D, [16, 16], true)
      const hidden = tf.relu(tf.add(tf.conv2d(x, w1 as Tensor4D, 2, PAD_ONE), b1))
      const theta = tf.add(
        tf.add(tf.matMul(tf.reshape(hidden, [4, 512]) as Tensor2D, w2 as Tensor2D), b2),
        tf.tensor1d([0.9, 0.1, 0.05, -0.1, 0.9, -0.05]),
      )
      const grid = affineGrid(tf.reshape(theta, [4, 2, 3]) as Tensor3D, [16, 16])
      const warped = gridSample(x, grid, { padding: 'reflection' })
      const result = tf.add(tf.conv2d(warped, w3 as Tensor4D, 1, 'same'), b3)
      return tf.mean(tf.squaredDifference(result, drawn(400, [4, 4, 16, 16], 1, IMAGE)))
    },
  }
}
