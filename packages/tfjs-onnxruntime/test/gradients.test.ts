import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { affineGrid, batchNormTraining, engineCounters, gridSample, groupedConv2d, resetEngineCounters } from '../src/index.ts'
import { openEngines, type Plain } from './support/compare.ts'
import { between, expectGradients, separated } from './support/finite-differences.ts'

type Compute = (...inputs: Tensor[]) => Tensor
type Case = readonly [inputs: readonly Plain[], compute: Compute]

const four = (x: Tensor): Tensor4D => x as Tensor4D
const vector = (x: Tensor): Tensor1D => x as Tensor1D
const ints = (...values: number[]): Plain => ({ shape: [values.length], dtype: 'int32', values })
const smooth = between([2, 3], -1.5, 1.5)
const positive = between([2, 3], 0.4, 2)

const ELEMENTWISE: Readonly<Record<string, Case>> = {
  abs: [[separated([7])], tf.abs],
  acos: [[between([5], -0.7, 0.7)], tf.acos],
  acosh: [[between([5], 1.5, 3)], tf.acosh],
  asin: [[between([5], -0.7, 0.7)], tf.asin],
  asinh: [[smooth], tf.asinh],
  atan: [[smooth], tf.atan],
  atanh: [[between([5], -0.7, 0.7)], tf.atanh],
  clipByValue: [[separated([9])], (x) => tf.clipByValue(x, -1.5, -1.2)],
  cos: [[smooth], tf.cos],
  cosh: [[smooth], tf.cosh],
  elu: [[separated([9], { min: -1.04 })], tf.elu],
  erf: [[smooth], tf.erf],
  exp: [[smooth], tf.exp],
  expm1: [[smooth], tf.expm1],
  gelu: [[smooth], (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))))],
  leakyRelu: [[separated([9], { min: -1.04 })], (x) => tf.leakyRelu(x, 0.1)],
  log: [[positive], tf.log],
  log1p: [[positive], tf.log1p],
  mish: [[smooth], (x) => tf.mul(x, tf.tanh(tf.softplus(x)))],
  neg: [[smooth], tf.neg],
  reciprocal: [[positive], tf.reciprocal],
  relu: [[separated([9], { min: -1.04 })], tf.relu],
  relu6: [[separated([20], { min: -1, spacing: 0.5 })], tf.relu6],
  rsqrt: [[positive], tf.rsqrt],
  selu: [[separated([9], { min: -1.04 })], tf.selu],
  sigmoid: [[smooth], tf.sigmoid],
  sin: [[smooth], tf.sin],
  sinh: [[smooth], tf.sinh],
  softplus: [[smooth], tf.softplus],
  sqrt: [[positive], tf.sqrt],
  square: [[smooth], tf.square],
  swish: [[smooth], (x) => tf.mul(x, tf.sigmoid(x))],
  tan: [[between([5], -0.8, 0.8)], tf.tan],
  tanh: [[smooth], tf.tanh],
  add: [[smooth, between([3], -1, 1)], tf.add],
  atan2: [[positive, between([3], 0.5, 2, 1)], tf.atan2],
  div: [[smooth, between([2, 1], 0.5, 2)], tf.div],
  maximum: [[separated([6]), between([1], -1.63, -1.63)], tf.maximum],
  minimum: [[separated([6]), between([1], -1.63, -1.63)], tf.minimum],
  mod: [[between([6], 1.02, 1.06), between([6], 0.42, 0.44)], tf.mod],
  mul: [[smooth, between([1, 3], -1, 1)], tf.mul],
  pow: [[positive, between([3], 0.5, 2)], tf.pow],
  prelu: [[separated([2, 5], { min: -1.04 }), between([5], 0.1, 0.5)], tf.prelu],
  squaredDifference: [[smooth, between([3], -1, 1)], tf.squaredDifference],
  sub: [[between([3], -1, 1), smooth], tf.sub],
  where: [[between([2, 3], -1, 1), between([2, 3], -1, 1, 1)], (a, b) => tf.where(tf.greater(a, 0.2), tf.mul(a, 3), b)],
}

const REDUCTIONS: Readonly<Record<string, Case>> = {
  cumsum: [[smooth], (x) => tf.cumsum(x, 1)],
  cumsumExclusiveReverse: [[smooth], (x) => tf.cumsum(x, 0, true, true)],
  logSoftmax: [[smooth], (x) => tf.logSoftmax(x)],
  logSumExp: [[smooth], (x) => tf.logSumExp(x, 1)],
  max: [[separated([3, 4])], (x) => tf.max(x, 1)],
  mean: [[between([2, 3, 4], -1, 1)], (x) => tf.mean(x, [0, 2])],
  min: [[separated([3, 4])], (x) => tf.min(x, 0, true)],
  moments: [[between([2, 3, 4], -1, 1)], (x) => tf.moments(x, [1, 2]).variance],
  norm: [[positive], (x) => tf.norm(x)],
  prod: [[positive], (x) => tf.prod(x, 1)],
  prodWithZeros: [[{ shape: [2, 3], dtype: 'float32', values: [0, 1.5, 2, 0, 0, 3] }], (x) => tf.prod(x, 1)],
  softmax: [[smooth], (x) => tf.softmax(x)],
  sum: [[between([2, 3, 4], -1, 1)], (x) => tf.sum(x, 1)],
  topk: [[separated([3, 5])], (x) => tf.topk(x, 3).values],
}

const STRUCTURE: Readonly<Record<string, Case>> = {
  batchToSpace: [
    [between([4, 2, 2, 1], -1, 1)],
    (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
  ],
  broadcastTo: [[between([2, 1], -1, 1)], (x) => tf.broadcastTo(x, [3, 2, 4])],
  concat: [[smooth, between([2, 2], -1, 1)], (a, b) => tf.concat([a, b], 1)],
  depthToSpace: [[between([1, 2, 2, 8], -1, 1)], (x) => tf.depthToSpace(four(x), 2)],
  flipLeftRight: [[between([1, 2, 3, 2], -1, 1)], (x) => tf.image.flipLeftRight(four(x))],
  gather: [[between([2, 4, 3], -1, 1), ints(3, 0, 3)], (x, indices) => tf.gather(x, vector(indices), 1)],
  gatherBatch: [
    [between([2, 4, 3], -1, 1), { shape: [2, 3], dtype: 'int32', values: [3, 0, 3, 1, 1, 2] }],
    (x, indices) => tf.gather(x, indices, 1, 1),
  ],
  gatherBatchBehind: [
    [between([2, 3, 4], -1, 1), { shape: [2, 2], dtype: 'int32', values: [3, 0, 1, 1] }],
    (x, indices) => tf.gather(x, indices, 2, 1),
  ],
  gatherND: [
    [between([3, 4], -1, 1), { shape: [3, 2], dtype: 'int32', values: [0, 1, 2, 3, 0, 1] }],
    (x, indices) => tf.gatherND(x, indices),
  ],
  mirrorPadReflect: [
    [between([1, 4, 5, 1], -1, 1)],
    (x) =>
      tf.mirrorPad(
        four(x),
        [
          [0, 0],
          [2, 1],
          [3, 4],
          [0, 0],
        ],
        'reflect',
      ),
  ],
  mirrorPadSymmetric: [
    [between([1, 4, 5, 1], -1, 1)],
    (x) =>
      tf.mirrorPad(
        four(x),
        [
          [0, 0],
          [2, 4],
          [3, 0],
          [0, 0],
        ],
        'symmetric',
      ),
  ],
  pad: [
    [smooth],
    (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
  ],
  reshape: [[smooth], (x) => tf.reshape(x, [3, 2])],
  reverse: [[smooth], (x) => tf.reverse(x, 1)],
  scatterND: [
    [between([3, 2], -1, 1), { shape: [3, 1], dtype: 'int32', values: [1, 3, 1] }],
    (updates, indices) => tf.scatterND(indices, updates, [4, 2]),
  ],
  slice: [[between([3, 4], -1, 1)], (x) => tf.slice(x, [1, 1], [2, 2])],
  spaceToBatch: [
    [between([1, 4, 3, 1], -1, 1)],
    (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [1, 0],
        ],
      ),
  ],
  split: [
    [between([2, 6], -1, 1)],
    (x) => {
      const [a, b] = tf.split(x, [2, 4], 1)
      return tf.concat([tf.mul(a, 2), b], 1)
    },
  ],
  stack: [[smooth, between([2, 3], -1, 1, 2)], (a, b) => tf.stack([a, b], 1)],
  stridedSlice: [[between([5, 4], -1, 1)], (x) => tf.stridedSlice(x, [4, 0], [0, 4], [-2, 3])],
  tile: [[smooth], (x) => tf.tile(x, [2, 3])],
  transpose: [[between([2, 3, 4], -1, 1)], (x) => tf.transpose(x, [2, 0, 1])],
  unsortedSegmentSum: [[between([5, 2], -1, 1), ints(0, 2, -1, 0, 1)], (x, ids) => tf.unsortedSegmentSum(x, vector(ids), 3)],
  unstack: [
    [smooth],
    (x) => {
      const [a, b] = tf.unstack(x)
      return tf.mul(a, b)
    },
  ],
}

const PAD_SIDES: tf.backend_util.ExplicitPadding = [
  [0, 0],
  [1, 0],
  [0, 2],
  [0, 0],
]

const NETWORK: Readonly<Record<string, Case>> = {
  avgPool: [[between([1, 5, 6, 2], -1, 1)], (x) => tf.avgPool(four(x), 3, 2, 'same')],
  avgPoolDense: [[between([1, 5, 5, 2], -1, 1)], (x) => tf.avgPool(four(x), 3, 1, 'same')],
  avgPoolApart: [[between([1, 5, 5, 2], -1, 1)], (x) => tf.avgPool(four(x), 2, 2, 'valid')],
  batchNorm: [
    [between([2, 2, 2, 3], -1, 1), between([3], -0.5, 0.5), between([3], 0.5, 2), between([3], -1, 1), between([3], 0.5, 1.5)],
    (x, mean, variance, offset, scale) => tf.batchNorm(four(x), vector(mean), vector(variance), vector(offset), vector(scale), 1e-3),
  ],
  batchNormTraining: [
    [between([2, 3, 3, 3], -1, 1), between([3], 0.5, 1.5), between([3], -1, 1)],
    (x, scale, offset) => batchNormTraining(four(x), vector(scale), vector(offset), 1e-3).result,
  ],
  // A network that is gone through twice: both batches have statistics of their own.
  batchNormTrainingTwice: [
    [between([2, 3, 3, 3], -1, 1), between([3], 0.5, 1.5), between([3], -1, 1)],
    (x, scale, offset) => {
      const [first, second] = [x, tf.square(x)].map((each) => batchNormTraining(four(each), vector(scale), vector(offset), 1e-3))
      return tf.add(tf.add(first.result, tf.mul(second.result, 2)), tf.mul(first.mean, second.variance))
    },
  ],
  batchNormTrainingStatistics: [
    [between([2, 3, 3, 3], -1, 1), between([3], 0.5, 1.5), between([3], -1, 1)],
    (x, scale, offset) => {
      const { result, mean, variance } = batchNormTraining(four(x), vector(scale), vector(offset), 1e-3)
      return tf.add(result, tf.mul(mean, variance))
    },
  ],
  conv2d: [[between([2, 5, 5, 2], -1, 1), between([3, 3, 2, 3], -1, 1)], (x, w) => tf.conv2d(four(x), four(w), 1, 'same')],
  conv2dDilated: [
    [between([1, 7, 7, 2], -1, 1), between([3, 3, 2, 2], -1, 1)],
    (x, w) => tf.conv2d(four(x), four(w), 1, 'same', 'NHWC', 2),
  ],
  conv2dFewChannels: [
    [between([2, 8, 9, 1], -1, 1), between([3, 3, 1, 2], -1, 1)],
    (x, w) => tf.conv2d(four(x), four(w), 2, 1, 'NHWC', 1, 'floor'),
  ],
  conv2dManyChannels: [[between([2, 4, 5, 9], -1, 1), between([3, 2, 9, 2], -1, 1)], (x, w) => tf.conv2d(four(x), four(w), 1, PAD_SIDES)],
  conv2dManyChannelsStrided: [
    [between([2, 6, 5, 8], -1, 1), between([3, 3, 8, 2], -1, 1)],
    (x, w) => tf.conv2d(four(x), four(w), 2, 1, 'NHWC', 1, 'floor'),
  ],
  conv2dPointwiseStrided: [[between([2, 6, 5, 3], -1, 1), between([1, 1, 3, 2], -1, 1)], (x, w) => tf.conv2d(four(x), four(w), 2, 'valid')],
  conv2dLargeKernel: [
    [between([1, 9, 9, 2], -1, 1), between([7, 7, 2, 2], -1, 1)],
    (x, w) => tf.conv2d(four(x), four(w), 2, 3, 'NHWC', 1, 'floor'),
  ],
  conv2dTranspose: [
    [between([1, 3, 4, 2], -1, 1), between([2, 2, 3, 2], -1, 1)],
    (x, w) => tf.conv2dTranspose(four(x), four(w), [1, 6, 8, 3], 2, 'valid'),
  ],
  depthwiseConv2d: [
    [between([1, 5, 5, 3], -1, 1), between([3, 3, 3, 2], -1, 1)],
    (x, w) => tf.depthwiseConv2d(four(x), four(w), 2, 'same'),
  ],
  depthwiseConv2dDilated: [
    [between([1, 6, 6, 2], -1, 1), between([3, 3, 2, 1], -1, 1)],
    (x, w) => tf.depthwiseConv2d(four(x), four(w), 1, 'valid', 'NHWC', 2),
  ],
  einsum: [[between([2, 3, 2], -1, 1), between([2, 2, 4], -1, 1)], (a, b) => tf.einsum('bij,bjk->bki', a, b)],
  einsumWithSum: [[between([2, 3], -1, 1), between([3, 2], -1, 1)], (a, b) => tf.einsum('ij,jk->i', a, b)],
  gridSampleBorder: [
    [between([2, 3, 4, 2], -1, 1), between([2, 2, 2, 2], -1.29, 1.13, 1.1)],
    (x, grid) => gridSample(four(x), four(grid), { padding: 'border' }),
  ],
  gridSampleReflection: [
    [between([1, 5, 4, 2], -1, 1), between([1, 2, 2, 2], -1.61, 1.47, 2)],
    (x, grid) => gridSample(four(x), four(grid), { padding: 'reflection' }),
  ],
  gridSampleZeros: [
    [between([1, 4, 5, 2], -1, 1), between([1, 2, 3], -0.33, 0.71, 2)],
    (x, theta) => gridSample(four(x), affineGrid(tf.reshape(theta, [1, 2, 3]), [2, 2], { alignCorners: true }), { alignCorners: true }),
  ],
  groupedConv2d: [
    [between([1, 5, 5, 4], -1, 1), between([3, 3, 2, 6], -1, 1)],
    (x, w) => groupedConv2d(four(x), four(w), { groups: 2, strides: 2, pad: 'same' }),
  ],
  matMul: [[between([2, 3, 4], -1, 1), between([4, 2], -1, 1)], (a, b) => tf.matMul(a, b)],
  matMulTransposed: [[between([4, 3], -1, 1), between([2, 4], -1, 1)], (a, b) => tf.matMul(a, b, true, true)],
  maxPool: [[separated([1, 6, 6, 2])], (x) => tf.maxPool(four(x), 3, 2, 1, 'floor')],
  transform: [
    [between([1, 3, 4, 2], -1, 1)],
    (x) =>
      tf.image.transform(four(x), tf.tensor2d([[0.9, 0.13, -1.31, -0.21, 1.1, 0.77, 0.01, -0.02]]), 'bilinear', 'constant', 0.5, [4, 5]),
  ],
  resizeBilinear: [[between([1, 3, 4, 2], -1, 1)], (x) => tf.image.resizeBilinear(four(x), [5, 7])],
  resizeBilinearAligned: [[between([1, 3, 4, 2], -1, 1)], (x) => tf.image.resizeBilinear(four(x), [6, 7], true)],
  resizeBilinearHalfPixel: [[between([1, 4, 4, 2], -1, 1)], (x) => tf.image.resizeBilinear(four(x), [7, 3], false, true)],
  resizeNearest: [[between([1, 3, 4, 2], -1, 1)], (x) => tf.image.resizeNearestNeighbor(four(x), [6, 8])],
}

describe('gradients, against finite differences', () => {
  beforeAll(openEngines)

  it.each(Object.entries({ ...ELEMENTWISE, ...REDUCTIONS, ...STRUCTURE }))('%s', (_, [inputs, compute]) => expectGradients(inputs, compute))

  it.each(Object.entries(NETWORK))('%s', (name, [inputs, compute]) => {
    // Where the result is linear in each input the step is free; a grid must not cross from one pixel to the next.
    return expectGradients(inputs, compute, { step: name.startsWith('gridSample') ? 0.01 : 0.04 })
  })

  it('every one of them without tfjs cpu', async () => {
    resetEngineCounters()
    await expectGradients([between([1, 4, 4, 2], -1, 1)], (x) =>
      tf.avgPool(tf.image.resizeBilinear(four(x), [7, 3], false, true), 2, 1, 'same'),
    )
    expect(engineCounters().fallbacks).toEqual({})
  })
})
