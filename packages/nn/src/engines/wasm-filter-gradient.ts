import type { KernelConfig, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/** What TensorFlow.js passes to its kernel Conv2DBackpropFilter. */
interface FilterGradientAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]]
  readonly dataFormat: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly filterShape: [number, number, number, number]
}

/**
 * The gradient of a convolution with respect to its filter, which the WASM backend has no kernel for. For each of the filter's taps: the input positions that the tap met,
 * `[positions, input channels]`, transposed, times the output's gradient, `[positions, output channels]`.
 */
export function registerWasmFilterGradient(tf: TensorEngine): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return
  const config: KernelConfig = {
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      // The types of kernels say TensorInfo; what TensorFlow.js hands over within an operation are tensors.
      const { x, dy } = inputs as unknown as { readonly x: Tensor4D; readonly dy: Tensor4D }
      return filterGradient(tf, x, dy, attrs as unknown as FilterGradientAttributes)
    },
  }
  tf.registerKernel(config)
}

function filterGradient(tf: TensorEngine, input: Tensor4D, gradient: Tensor4D, attributes: FilterGradientAttributes): TensorInfo {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributes
  if (dataFormat !== 'NHWC') throw new RangeError('the filter gradient of the WASM engine takes channels last')
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, batchSize, inChannels, outChannels } = tf.backend_util.computeConv2DInfo(
    input.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  return tf.tidy(() => {
    const padded = tf.pad(input, [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ])
    const rows = tf.reshape(gradient, [batchSize * outHeight * outWidth, outChannels])
    const taps: Tensor[] = []
    for (let y = 0; y < filterShape[0]; y++)
      for (let x = 0; x < filterShape[1]; x++) {
        const met = tf.stridedSlice(
          padded,
          [0, y, x, 0],
          [batchSize, y + (outHeight - 1) * strideHeight + 1, x + (outWidth - 1) * strideWidth + 1, inChannels],
          [1, strideHeight, strideWidth, 1],
        )
        taps.push(tf.matMul(tf.reshape(met, [batchSize * outHeight * outWidth, inChannels]), rows, true))
      }
    return tf.reshape(tf.stack(taps), filterShape)
  })
}
