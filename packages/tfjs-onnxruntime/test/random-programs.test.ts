import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters } from '../src/index.ts'
import { expectSame, openEngines } from './support/compare.ts'
import { between } from './support/finite-differences.ts'

/** Four of everything: whatever order the axes are brought into, the next step fits. */
const SHAPE: [number, number, number, number] = [4, 4, 4, 4]

const four = (x: Tensor): Tensor4D => x as Tensor4D
const filter = (phase: number): Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: 3 * 3 * 4 * 4 }, (_, index) => Math.sin(index * 1.3 + phase) / 6),
    [3, 3, 4, 4],
  )
const channels = (phase: number): Tensor => tf.tensor1d([0.5, -1, 1.5, 0.8].map((value) => value + phase / 10))

/** Steps of a program: each takes the newest value and an older one, and gives one of the same shape. Some want one layout, some the other, some don't care. */
const STEPS: Readonly<Record<string, (x: Tensor, older: Tensor) => Tensor>> = {
  add: tf.add,
  addChannels: (x) => tf.add(x, channels(1)),
  average: (x) => tf.avgPool(four(x), 3, 1, 'same'),
  batchNorm: (x) =>
    tf.batchNorm(
      four(x),
      channels(0) as tf.Tensor1D,
      tf.square(channels(2)) as tf.Tensor1D,
      channels(1) as tf.Tensor1D,
      channels(3) as tf.Tensor1D,
    ),
  centre: (x) => tf.sub(x, tf.mean(x, [1, 2], true)),
  centreChannels: (x) => tf.sub(x, tf.mean(x, 3, true)),
  columnwise: (x) => tf.mul(x, tf.reshape(channels(4), [1, 4, 1, 1])),
  concatAndCut: (x, older) => tf.slice(tf.concat([x, older], 3), [0, 0, 0, 2], SHAPE),
  concatRows: (x, older) => tf.slice(tf.concat([x, older], 1), [0, 3, 0, 0], SHAPE),
  conv: (x) => tf.conv2d(four(x), filter(1), 1, 'same'),
  convTwice: (x) => tf.conv2d(four(tf.relu(tf.conv2d(four(x), filter(2), 1, 'same'))), filter(3), 1, 'same', 'NHWC', 2),
  cumulate: (x) => tf.mul(tf.cumsum(x, 2), 0.3),
  flatten: (x) => tf.reshape(tf.mul(tf.reshape(x, [4, 64]), 1.1), SHAPE),
  flip: (x) => tf.reverse(x, [1, 3]),
  keep: (x, older) => tf.where(tf.greater(x, 0.1), older, x),
  largest: (x) => tf.add(x, tf.max(x, [3], true)),
  matrices: (x, older) => tf.mul(tf.matMul(x, older, true), 0.2),
  mix: (x) => tf.reshape(tf.matMul(tf.reshape(x, [64, 4]), tf.reshape(tf.slice(filter(4), [0, 0, 0, 0], [1, 1, 4, 4]), [4, 4])), SHAPE),
  mul: (x, older) => tf.mul(tf.tanh(x), older),
  padAndCut: (x) =>
    tf.slice(
      tf.pad(x, [
        [0, 0],
        [1, 1],
        [0, 2],
        [0, 1],
      ]),
      [0, 0, 1, 1],
      SHAPE,
    ),
  permuteChannels: (x) => tf.gather(x, tf.tensor1d([2, 0, 3, 1], 'int32'), 3),
  relu: (x) => tf.leakyRelu(x, 0.2),
  resize: (x) => tf.avgPool(tf.image.resizeBilinear(four(x), [8, 8], false, true), 2, 2, 'valid'),
  rows: (x) => tf.stack(tf.unstack(x, 1), 1),
  softmax: (x) => tf.softmax(x),
  splitHalves: (x) => {
    const [a, b] = tf.split(x, 2, 3)
    return tf.concat([b as Tensor, tf.sigmoid(a as Tensor)], 3)
  },
  squeezeAndExcite: (x) => tf.mul(x, tf.sigmoid(tf.reshape(tf.mean(x, [1, 2]), [4, 1, 1, 4]))),
  standardise: (x) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2])
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 0.1)))
  },
  strided: (x) => tf.image.resizeNearestNeighbor(four(tf.conv2d(four(x), filter(5), 2, 'same')), [4, 4]),
  swapAxes: (x) => tf.transpose(x, [0, 2, 1, 3]),
  toChannelsFirst: (x) => tf.transpose(x, [0, 3, 1, 2]),
  toChannelsLast: (x) => tf.transpose(x, [0, 2, 3, 1]),
  turn: (x) => tf.transpose(x, [3, 1, 0, 2]),
}

const names = Object.keys(STEPS)

/** Runs a program; the steps are names and how far back the older value lies. */
function run(x: Tensor, program: readonly (readonly [string, number])[]): Tensor {
  const values = [x]
  for (const [name, back] of program) {
    const newest = values[values.length - 1] as Tensor
    const older = values[Math.max(0, values.length - 1 - back)] as Tensor
    values.push(STEPS[name]?.(newest, older) ?? newest)
  }
  return values[values.length - 1] as Tensor
}

describe('random programs, against tfjs cpu', () => {
  beforeAll(openEngines)

  const programs = fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 4 })), { minLength: 2, maxLength: 9 })

  it('give the same values and gradients, whatever layouts are chosen', async () => {
    await fc.assert(
      fc.asyncProperty(programs, (program) =>
        expectSame(
          [between(SHAPE, -1, 1), between([4], 0.5, 1.5)],
          (x, scale) => {
            const { value, grads } = tf.valueAndGrads((image: Tensor, factor: Tensor) =>
              tf.mean(tf.square(run(tf.mul(image, factor), program))),
            )([x, scale])
            return [run(x, program), value, ...grads]
          },
          1e-3,
        ),
      ),
      { numRuns: 60 },
    )
    expect(engineCounters().fallbacks).toEqual({})
  })

  it.each(names)('%s behind a convolution and in front of one', (name) =>
    expectSame(
      [between(SHAPE, -1, 1)],
      (x) => {
        const program = [
          ['conv', 0],
          [name, 1],
          ['relu', 0],
          ['conv', 0],
        ] as const
        return [run(x, program), tf.grad((image: Tensor) => tf.sum(tf.square(run(image, program))))(x)]
      },
      1e-3,
    ),
  )
})
