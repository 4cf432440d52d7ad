import type { NamedTensor } from '@im-iad/weights'
import type { ParameterDefinition } from './parameter-definition.ts'

/** Where random numbers come from; structurally core's RandomStream. */
export interface NormalSource {
  /** A draw from the standard normal distribution. */
  normal(): number
}

/**
 * How torchvision starts a residual network, and timm an EfficientNet: convolutions by He et al., "Delving deep into rectifiers" (normal, variance 2 / (output channels x kernel area), for depthwise ones 2 / kernel area, as timm does), scales 1, offsets 0,
 * running means 0 and variances 1. Draws follow one another in the order of the definitions, in PyTorch's order of axes.
 */
export function heInitialization(definitions: readonly ParameterDefinition[], random: NormalSource): ReadonlyMap<string, NamedTensor> {
  return new Map(definitions.map((definition) => [definition.name, { shape: definition.shape, data: initialValues(definition, random) }]))
}

function initialValues({ kind, shape }: ParameterDefinition, random: NormalSource): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
  if (kind === 'scale' || kind === 'running-variance') return values.fill(1)
  if (kind === 'bias' || kind === 'offset' || kind === 'running-mean') return values
  const [output, , ...kernel] = shape
  const outputs = kind === 'depthwise-convolution' ? 1 : output
  const deviation = Math.sqrt(2 / (outputs * kernel.reduce((product, size) => product * size, 1)))
  return values.map(() => random.normal() * deviation)
}
