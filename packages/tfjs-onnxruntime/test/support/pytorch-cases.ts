import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { affineGrid, batchNormTraining, gridSample, groupedConv2d, type GridSampleOptions } from '../../src/index.ts'

/** A function of tensors in PyTorch's layouts. */
export type Compute = (...inputs: Tensor[]) => Tensor

const vector = (x: Tensor): Tensor1D => x as Tensor1D
const channelsLast = (x: Tensor): Tensor4D => tf.transpose(x as Tensor4D, [0, 2, 3, 1])
const channelsFirst = (x: Tensor): Tensor4D => tf.transpose(x as Tensor4D, [0, 3, 1, 2])
/** `[out, in, height, width]` as `[height, width, in, out]`. */
const filterOf = (w: Tensor): Tensor4D => tf.transpose(w as Tensor4D, [2, 3, 1, 0])

/** A function of images with their channels last, among images with their channels first. */
const images =
  (compute: (x: Tensor4D, ...others: Tensor[]) => Tensor): Compute =>
  (x, ...others) =>
    channelsFirst(compute(channelsLast(x), ...others))

const sides = (high: number, wide: number): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [high, high],
  [wide, wide],
  [0, 0],
]

interface Window {
  readonly strides?: [number, number] | number
  readonly pad?: number | tf.backend_util.ExplicitPadding
  readonly dilations?: [number, number] | number
}

const grouped = (groups: number, { strides = 1, pad = 0, dilations = 1 }: Window = {}): Compute =>
  images((x, w) => groupedConv2d(x, filterOf(w), { groups, strides, pad: typeof pad === 'number' ? sides(pad, pad) : pad, dilations }))

const convolution = (window?: Window): Compute => grouped(1, window)

const depthwise = ({ strides = 1, pad = 0, dilations = 1 }: { strides?: number; pad?: number; dilations?: number }): Compute =>
  images((x, w) => {
    const channels = x.shape[3]
    const [outputs, , rows, columns] = w.shape
    const filter = tf.transpose(tf.reshape(w, [channels, outputs / channels, rows, columns]), [2, 3, 0, 1])
    return tf.depthwiseConv2d(x, filter as Tensor4D, strides, sides(pad, pad), 'NHWC', dilations)
  })

const transposed = (size: [number, number, number, number], pad: number): Compute =>
  images((x, w) => tf.conv2dTranspose(x, filterOf(w), size, 2, pad === 0 ? 'valid' : sides(pad, pad)))

const sample = (options: GridSampleOptions): Compute => images((x, grid) => gridSample(x, grid as Tensor4D, options))

const affine = (alignCorners: boolean): Compute =>
  images((x, theta) => gridSample(x, affineGrid(theta as Tensor3D, [4, 6], { alignCorners }), { alignCorners }))

/** Layer norm over the last axis, from primitives. */
function normalize(x: Tensor, axes: number | number[]): Tensor {
  const { mean, variance } = tf.moments(x, axes, true)
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)))
}

function groupNorm(x: Tensor4D, groups: number): Tensor4D {
  const [count, height, width, channels] = x.shape
  return tf.reshape(normalize(tf.reshape(x, [count, height, width, groups, channels / groups]), [1, 2, 4]), x.shape)
}

const ints = (...values: number[]): Tensor1D => tf.tensor1d(values, 'int32')

/** By the names of the cases in scripts/make-gradient-fixtures.py. */
export const PYTORCH_CASES: Readonly<Record<string, Compute>> = {
  conv2d: convolution({ pad: 1 }),
  conv2dStrided: convolution({ strides: 2, pad: 1 }),
  conv2dFewChannelsStrided: convolution({ strides: 2, pad: 1 }),
  conv2dPointwiseStrided: convolution({ strides: 2 }),
  conv2dDilated: convolution({ pad: 2, dilations: 2 }),
  conv2dLargeKernel: convolution({ strides: 2, pad: 3 }),
  conv2dWide: convolution({ pad: 1 }),
  conv2dWideUnpadded: convolution(),
  conv2dWideDilated: convolution({ pad: sides(1, 2), dilations: [1, 2] }),
  conv2dWideStrided: convolution({ strides: 2, pad: 1 }),
  conv2dWideStridedThrice: convolution({ strides: [1, 3], pad: sides(1, 2) }),
  conv2dGrouped: grouped(2, { pad: 1 }),
  conv2dGroupedStrided: grouped(2, { strides: 2, pad: 1 }),
  conv2dGroupedDilatedStrided: grouped(2, { strides: 2, pad: 2, dilations: 2 }),
  depthwiseConv2d: depthwise({ pad: 1 }),
  depthwiseConv2dStrided: depthwise({ strides: 2, pad: 1 }),
  depthwiseConv2dDilated: depthwise({ pad: 2, dilations: 2 }),
  conv2dTranspose: transposed([2, 6, 10, 3], 0),
  conv2dTransposePadded: transposed([2, 6, 10, 3], 1),
  maxPool: images((x) => tf.maxPool(x, 3, 2, 1, 'floor')),
  maxPoolApart: images((x) => tf.maxPool(x, 2, 2, 'valid')),
  maxPoolOfRelu: images((x) => tf.maxPool(tf.relu(x), 3, 2, 1, 'floor')),
  avgPool: images((x) => tf.avgPool(x, 3, 2, 1, 'floor')),
  avgPoolApart: images((x) => tf.avgPool(x, 2, 2, 'valid')),
  avgPoolDense: images((x) => tf.avgPool(x, 3, 1, 'valid')),
  resizeBilinearHalfPixel: images((x) => tf.image.resizeBilinear(x, [10, 13], false, true)),
  resizeBilinearHalfPixelDown: images((x) => tf.image.resizeBilinear(x, [3, 4], false, true)),
  resizeBilinearAligned: images((x) => tf.image.resizeBilinear(x, [10, 13], true)),
  resizeBilinearAlignedDown: images((x) => tf.image.resizeBilinear(x, [3, 4], true)),
  resizeNearest: images((x) => tf.image.resizeNearestNeighbor(x, [10, 13])),
  resizeNearestHalfPixel: images((x) => tf.image.resizeNearestNeighbor(x, [10, 13], false, true)),
  gridSampleZeros: sample({ padding: 'zeros' }),
  gridSampleZerosAligned: sample({ padding: 'zeros', alignCorners: true }),
  gridSampleBorder: sample({ padding: 'border' }),
  gridSampleBorderAligned: sample({ padding: 'border', alignCorners: true }),
  gridSampleReflection: sample({ padding: 'reflection' }),
  gridSampleReflectionAligned: sample({ padding: 'reflection', alignCorners: true }),
  affineGrid: affine(false),
  affineGridAligned: affine(true),
  batchNormTraining: images((x, scale, offset) => batchNormTraining(x, vector(scale), vector(offset)).result),
  batchNormTrainingLarge: images((x, scale, offset) => tf.relu(batchNormTraining(x, vector(scale), vector(offset)).result)),
  batchNorm: images((x, mean, variance, scale, offset) =>
    tf.batchNorm(x, vector(mean), vector(variance), vector(offset), vector(scale), 1e-3),
  ),
  layerNorm: (x, scale, offset) => tf.add(tf.mul(normalize(x, 1), scale), offset),
  groupNorm: images((x, scale, offset) => tf.add(tf.mul(groupNorm(x, 4), scale), offset)),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, 1),
  crossEntropy: (x) => tf.neg(tf.sum(tf.mul(tf.logSoftmax(x), tf.oneHot(ints(2, 0, 6, 3), 7)), 1)),
  padReflect: images((x) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [3, 2],
        [2, 1],
        [0, 0],
      ],
      'reflect',
    ),
  ),
  padConstant: images((x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [0, 2],
        [2, 1],
        [0, 0],
      ],
      0.5,
    ),
  ),
  gather: (x) => tf.gather(x, ints(3, 0, 3, 5), 1),
  gatherND: (x) => tf.gatherND(x, tf.tensor2d([0, 2, 4, 5, 0, 2], [3, 2], 'int32')),
  scatterND: (x) => tf.scatterND(tf.tensor2d([1, 3, 1], [3, 1], 'int32'), x, [5, 4]),
  topk: (x) => tf.topk(x, 3).values,
  cumsum: (x) => tf.cumsum(x, 1),
  max: (x) => tf.max(x, 1),
  prod: (x) => tf.prod(x, 1),
  variance: (x) => tf.moments(x, 1).variance,
  matMul: (a, b) => tf.matMul(a, b),
  einsum: (a, b) => tf.einsum('bij,bjk->bki', a, b),
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  prelu: images((x, slopes) => tf.prelu(x, slopes)),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
  softplus: (x) => tf.softplus(x),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  atan: (x) => tf.atan(x),
}
