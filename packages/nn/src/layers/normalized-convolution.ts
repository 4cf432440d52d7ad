import type { NamedTensor } from '@im-iad/weights'
import {
  batchNormParameters,
  biasParameters,
  convolutionParameters,
  depthwiseParameters,
  type ParameterDefinition,
} from '../parameters/parameter-definition.ts'

/** A convolution without bias, followed by batch normalisation. */
export interface NormalizedConvolution {
  /** Names of the modules, as in the weights. */
  readonly convolution: string
  readonly norm: string
  /** Each channel by itself. */
  readonly depthwise: boolean
  readonly input: number
  readonly output: number
  readonly kernel: number
  readonly stride: number
}

/** Filter and normalisation. */
export function normalizedParameters(convolution: NormalizedConvolution): readonly ParameterDefinition[] {
  return [filterParameter(convolution), batchNormParameters(convolution.norm, convolution.output)].flat()
}

/** What is left of them once they are folded: filter and bias. */
export function foldedParameters(convolution: NormalizedConvolution): readonly ParameterDefinition[] {
  return [filterParameter(convolution), biasParameters(convolution.convolution, convolution.output)].flat()
}

function filterParameter({ convolution, depthwise, input, output, kernel }: NormalizedConvolution): readonly ParameterDefinition[] {
  return depthwise ? depthwiseParameters(convolution, output, kernel) : convolutionParameters(convolution, input, output, kernel)
}

/**
 * Batch normalisation with running statistics as a part of the convolution before it: `w · s` and `b - m · s` with `s = scale / √(variance + ε)`, computed in float64.
 * @param weights - in PyTorch's layout: the first axis of a filter is the output's
 * @returns the folded filter and bias, by their names
 */
export function foldNormalization(
  { convolution, norm, output }: NormalizedConvolution,
  weights: ReadonlyMap<string, NamedTensor>,
  epsilon: number,
): readonly (readonly [string, NamedTensor])[] {
  const value = (name: string): NamedTensor => weights.get(name) ?? { shape: [0], data: new Float32Array(0) }
  const { shape, data } = value(`${convolution}.weight`)
  const [scale, offset, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => value(`${norm}.${part}`).data)
  const perChannel = data.length / output
  const filter = new Float32Array(data.length)
  const bias = new Float32Array(output)
  for (let channel = 0; channel < output; channel++) {
    const factor = scale[channel] / Math.sqrt(variance[channel] + epsilon)
    for (let index = channel * perChannel; index < (channel + 1) * perChannel; index++) filter[index] = data[index] * factor
    bias[channel] = offset[channel] - mean[channel] * factor
  }
  return [
    [`${convolution}.weight`, { shape, data: filter }],
    [`${convolution}.bias`, { shape: [output], data: bias }],
  ]
}
