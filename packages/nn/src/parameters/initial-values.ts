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

/** A source of normal and uniform numbers; structurally core's RandomStream. */
export interface NormalAndUniformSource extends NormalSource {
  /** A float in [0, 1). */
  uniform(): number
}

/**
 * How generators of pictures are started since DCGAN (Radford, Metz and Chintala, 2016): filters N(0, deviation), scales N(1, deviation), offsets 0; biases as PyTorch leaves them, uniform within
 * ±1/√(input channels x kernel area). Draws follow one another in the order of the definitions, in PyTorch's order of axes.
 */
export function normalInitialization(
  definitions: readonly ParameterDefinition[],
  random: NormalAndUniformSource,
  deviation: number = 0.02,
): ReadonlyMap<string, NamedTensor> {
  const shapes = new Map(definitions.map(({ name, shape }) => [name, shape]))
  return new Map(
    definitions.map(({ name, kind, shape }) => {
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
      if (kind === 'running-variance') values.fill(1)
      else if (kind === 'scale') values.forEach((_, index) => (values[index] = 1 + deviation * random.normal()))
      else if (kind === 'bias') {
        const bound = 1 / Math.sqrt(fanIn(shapes.get(name.replace(/bias$/, 'weight')) ?? [1, 1]))
        values.forEach((_, index) => (values[index] = bound * (2 * random.uniform() - 1)))
      } else if (kind !== 'offset' && kind !== 'running-mean') values.forEach((_, index) => (values[index] = deviation * random.normal()))
      return [name, { shape, data: values }]
    }),
  )
}

function fanIn([, ...rest]: readonly number[]): number {
  return rest.reduce((product, size) => product * size, 1)
}
