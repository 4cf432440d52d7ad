/**
 * What a parameter is: it decides its layout in TensorFlow.js, how it starts, and whether an optimiser changes it (`running-mean` and `running-variance` are statistics, not weights).
 * `transposed-convolution` filters are `[input, output, height, width]` in PyTorch, `depthwise-convolution` ones `[channels, 1, height, width]`, the others `[output, input, height, width]`.
 */
export type ParameterKind =
  | 'convolution'
  | 'depthwise-convolution'
  | 'transposed-convolution'
  | 'linear'
  | 'bias'
  | 'scale'
  | 'offset'
  | 'running-mean'
  | 'running-variance'

/** One parameter of a network, as PyTorch's state dictionary has it. */
export interface ParameterDefinition {
  /** `layer1.0.conv1.weight`. */
  readonly name: string
  readonly kind: ParameterKind
  /** In PyTorch's order of axes. */
  readonly shape: readonly number[]
}

/** Whether an optimiser changes it; the others are statistics. */
export function isTrained({ kind }: ParameterDefinition): boolean {
  return kind !== 'running-mean' && kind !== 'running-variance'
}

/** The filter of a convolution without bias. */
export function convolutionParameters(name: string, input: number, output: number, kernel: number): readonly ParameterDefinition[] {
  return [{ name: `${name}.weight`, kind: 'convolution', shape: [output, input, kernel, kernel] }]
}

/** The filters of a convolution that treats each channel by itself. */
export function depthwiseParameters(name: string, channels: number, kernel: number): readonly ParameterDefinition[] {
  return [{ name: `${name}.weight`, kind: 'depthwise-convolution', shape: [channels, 1, kernel, kernel] }]
}

/** What a convolution or linear layer adds to each of its outputs. */
export function biasParameters(name: string, output: number): readonly ParameterDefinition[] {
  return [{ name: `${name}.bias`, kind: 'bias', shape: [output] }]
}

/** Batch normalisation of so many channels. `num_batches_tracked` of PyTorch is left out: nothing is computed from it. */
export function batchNormParameters(name: string, channels: number): readonly ParameterDefinition[] {
  return [
    { name: `${name}.weight`, kind: 'scale', shape: [channels] },
    { name: `${name}.bias`, kind: 'offset', shape: [channels] },
    { name: `${name}.running_mean`, kind: 'running-mean', shape: [channels] },
    { name: `${name}.running_var`, kind: 'running-variance', shape: [channels] },
  ]
}
