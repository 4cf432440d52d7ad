import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { ParameterSet } from '../parameters/parameter-set.ts'
import { batchNormalize, type NetworkMode } from './batch-normalize.ts'
import type { NormalizedConvolution } from './normalized-convolution.ts'

/** How a network pads its convolutions and normalises. */
export interface ConvolutionStyle {
  /** `symmetric`: half of the kernel on all sides, as PyTorch does. `same`: as TensorFlow does, where an even side gets one more zero behind than in front at stride 2. */
  readonly padding: 'symmetric' | 'same'
  readonly epsilon: number
}

/** One pass through a network. */
export interface ForwardPass {
  readonly tf: TensorEngine
  readonly parameters: ParameterSet
  readonly mode: NetworkMode
  /** The normalisation is part of the filter, which has a bias then. */
  readonly folded: boolean
  readonly style: ConvolutionStyle
}

/** The convolution and its normalisation. */
export function applyConvolution(pass: ForwardPass, input: Tensor4D, convolution: NormalizedConvolution): Tensor4D {
  const { tf, parameters, mode, folded, style } = pass
  const { convolution: name, norm } = convolution
  const convolved = convolve(pass, input, convolution)
  if (folded) return tf.add(convolved, parameters.get(`${name}.bias`))
  const normalization = {
    scale: parameters.get(`${norm}.weight`),
    offset: parameters.get(`${norm}.bias`),
    runningMean: parameters.get(`${norm}.running_mean`),
    runningVariance: parameters.get(`${norm}.running_var`),
  }
  return batchNormalize(tf, convolved, normalization, mode, style)
}

function convolve(
  { tf, parameters, style }: ForwardPass,
  input: Tensor4D,
  { convolution, depthwise, kernel, stride }: NormalizedConvolution,
): Tensor4D {
  const filter = parameters.get(`${convolution}.weight`) as Tensor4D
  const padding = style.padding === 'same' ? 'same' : (kernel - 1) / 2
  return depthwise ? tf.depthwiseConv2d(input, filter, stride, padding) : tf.conv2d(input, filter, stride, padding)
}
