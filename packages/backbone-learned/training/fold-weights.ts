import type { NamedTensor } from '@im-iad/weights'
import { HEADS, NORMALIZED_UNITS } from '../src/architecture.ts'

/** As in training. */
const EPSILON = 1e-5

/** What is done to a level's channels after training: multiplied, then shifted. */
export interface OutputScaling {
  readonly factor: Float32Array
  readonly shift: Float32Array
}

/**
 * The network without batch normalisation: every convolution is scaled and shifted by the one after it, every head as the training says.
 * @param parameters - in PyTorch's layout
 * @param outputs - by level
 */
export function foldWeights(
  parameters: Readonly<Record<string, NamedTensor>>,
  outputs: readonly OutputScaling[],
): Readonly<Record<string, NamedTensor>> {
  const values = (name: string): Float32Array => {
    const tensor = parameters[name]
    if (tensor === undefined) throw new RangeError(`there is no parameter ${name}`)
    return tensor.data as Float32Array
  }
  const folded: Record<string, NamedTensor> = {}
  const put = (name: string, scale: (output: number) => number, offset: (output: number) => number): void => {
    const { shape } = parameters[`${name}.weight`] ?? { shape: [] }
    const filter = values(`${name}.weight`)
    const [output = 0] = shape
    const each = filter.length / output
    folded[`${name}.weight`] = { shape, data: filter.map((value, index) => value * scale(Math.floor(index / each))) }
    folded[`${name}.bias`] = { shape: [output], data: Float32Array.from({ length: output }, (_, channel) => offset(channel)) }
  }
  for (const { name } of NORMALIZED_UNITS) {
    const [gain, shift] = [values(`${name}.norm.weight`), values(`${name}.norm.bias`)]
    const [mean, variance] = [values(`${name}.norm.running_mean`), values(`${name}.norm.running_var`)]
    const scale = (channel: number): number => gain[channel] / Math.sqrt(variance[channel] + EPSILON)
    put(name, scale, (channel) => shift[channel] - mean[channel] * scale(channel))
  }
  for (const [index, { unit }] of HEADS.entries()) {
    const { factor, shift } = outputs[index]
    const bias = values(`${unit.name}.bias`)
    put(
      unit.name,
      (channel) => factor[channel],
      (channel) => bias[channel] * factor[channel] + shift[channel],
    )
  }
  return folded
}
