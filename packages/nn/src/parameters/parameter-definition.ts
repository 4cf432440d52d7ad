/**
 * What a parameter is: it decides its layout in TensorFlow.js, how it starts, and whether an optimiser changes it (`running-mean` and `running-variance` are statistics, not weights).
 * `transposed-convolution` filters are `[input, output, height, width]` in PyTorch, the others `[output, input, height, width]`.
 */
export type ParameterKind =
  | 'convolution'
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

/** Batch normalisation of so many channels. `num_batches_tracked` of PyTorch is left out: nothing is computed from it. */
export function batchNormParameters(name: string, channels: number): readonly ParameterDefinition[] {
  return [
    { name: `${name}.weight`, kind: 'scale', shape: [channels] },
    { name: `${name}.bias`, kind: 'offset', shape: [channels] },
    { name: `${name}.running_mean`, kind: 'running-mean', shape: [channels] },
    { name: `${name}.running_var`, kind: 'running-variance', shape: [channels] },
  ]
}
