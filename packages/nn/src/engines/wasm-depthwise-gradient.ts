import type { KernelConfig, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/** What TensorFlow.js passes to both kernels; filters are `[height, width, channels, 1]`. */
interface DepthwiseAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]]
  readonly dilations: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly inputShape?: [number, number, number, number]
  readonly filterShape?: [number, number, number, number]
}

type Shape4 = [number, number, number, number]
type Geometry = ReturnType<TensorEngine['backend_util']['computeConv2DInfo']>

/** The gradients of a depthwise convolution, which the WASM backend has no kernels for: tap by tap, from padded slices. Dilations and several outputs per channel are left out: no network here has them. */
export function registerWasmDepthwiseGradients(tf: TensorEngine): void {
  register(tf, 'DepthwiseConv2dNativeBackpropFilter', (inputs, attributes) => {
    const { x, dy } = inputs
    const filterShape = attributes.filterShape ?? [0, 0, 0, 0]
    return filterGradient(tf, x, dy, geometryOf(tf, x.shape, filterShape, attributes))
  })
  register(tf, 'DepthwiseConv2dNativeBackpropInput', (inputs, attributes) => {
    const { dy, filter } = inputs
    const inputShape = attributes.inputShape ?? [0, 0, 0, 0]
    return inputGradient(tf, dy, filter, geometryOf(tf, inputShape, filter.shape, attributes))
  })
}

type Compute = (inputs: Readonly<Record<'x' | 'dy' | 'filter', Tensor4D>>, attributes: DepthwiseAttributes) => Tensor4D

function register(tf: TensorEngine, kernelName: string, compute: Compute): void {
  if (tf.getKernel(kernelName, 'wasm') !== undefined) return
  const config: KernelConfig = {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      // The types of kernels say TensorInfo; what TensorFlow.js hands over within an operation are tensors.
      tf.tidy(() => compute(inputs as unknown as Parameters<Compute>[0], attrs as unknown as DepthwiseAttributes)) as TensorInfo & Tensor,
  }
  tf.registerKernel(config)
}

function geometryOf(tf: TensorEngine, input: Shape4, filter: Shape4, attributes: DepthwiseAttributes): Geometry {
  const { strides, pad, dilations, dimRoundingMode } = attributes
  if (filter[3] !== 1 || ![dilations].flat().every((dilation) => dilation === 1))
    throw new RangeError('the depthwise gradients of the WASM engine take one output per channel and no dilation')
  return tf.backend_util.computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode, true)
}

function filterGradient(tf: TensorEngine, input: Tensor4D, gradient: Tensor4D, geometry: Geometry): Tensor4D {
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, batchSize, inChannels, filterHeight, filterWidth } = geometry
  const padded = tf.pad(input, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ])
  const taps = tapsOf(geometry).map(([y, x]) => {
    const met = tf.stridedSlice(
      padded,
      [0, y, x, 0],
      [batchSize, y + (outHeight - 1) * strideHeight + 1, x + (outWidth - 1) * strideWidth + 1, inChannels],
      [1, strideHeight, strideWidth, 1],
    )
    return tf.sum(tf.mul(met, gradient), [0, 1, 2])
  })
  return tf.reshape(tf.stack(taps), [filterHeight, filterWidth, inChannels, 1])
}

/** Every tap's share lies where the tap met the input: the gradient times the filter's value, `stride` apart. */
function inputGradient(tf: TensorEngine, gradient: Tensor4D, filter: Tensor4D, geometry: Geometry): Tensor4D {
  const { padInfo, inHeight, inWidth, batchSize, inChannels, outHeight, outWidth, strideHeight, strideWidth } = geometry
  const rows = Math.max(inHeight + padInfo.top + padInfo.bottom, outHeight * strideHeight + geometry.filterHeight)
  const columns = Math.max(inWidth + padInfo.left + padInfo.right, outWidth * strideWidth + geometry.filterWidth)
  const spread = spreadOut(tf, gradient, geometry)
  const shares = tapsOf(geometry).map(([y, x]) => {
    const weights = tf.reshape(tf.slice(filter, [y, x, 0, 0], [1, 1, inChannels, 1]), [inChannels])
    return tf.pad(tf.mul(spread, weights), [
      [0, 0],
      [y, rows - y - outHeight * strideHeight],
      [x, columns - x - outWidth * strideWidth],
      [0, 0],
    ])
  })
  return tf.slice(tf.addN(shares), [0, padInfo.top, padInfo.left, 0], [batchSize, inHeight, inWidth, inChannels]) as Tensor4D
}

/** `[count, height, width, channels]` with zeros between the values: `[count, height * stride, width * stride, channels]`. */
function spreadOut(tf: TensorEngine, gradient: Tensor4D, { strideHeight, strideWidth }: Geometry): Tensor4D {
  const [count, height, width, channels] = gradient.shape
  const apart = tf.pad(tf.reshape(gradient, [count * height, 1, width, channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, 0],
  ])
  const wide = tf.pad(tf.reshape(apart, [count * height * strideHeight, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ])
  return tf.reshape(wide, [count, height * strideHeight, width * strideWidth, channels])
}

function tapsOf({ filterHeight, filterWidth }: Geometry): readonly (readonly [number, number])[] {
  return Array.from({ length: filterHeight * filterWidth }, (_, tap) => [Math.floor(tap / filterWidth), tap % filterWidth])
}
