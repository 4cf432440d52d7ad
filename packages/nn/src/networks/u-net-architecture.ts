import { batchNormParameters, biasParameters, convolutionParameters, type ParameterDefinition } from '../parameters/parameter-definition.ts'

/** Convolutions 3x3 in a row, each followed by batch normalisation and ReLU. */
export interface ConvolutionBlock {
  /** What its parameters' names begin with. */
  readonly name: string
  /** Output channels of each convolution. */
  readonly channels: readonly number[]
}

/** One level of a decoder: twice the size, a convolution, what the encoder had at that size beside it, and a block. */
export interface DecoderLevel {
  readonly up: { readonly name: string; readonly channels: number }
  readonly block: ConvolutionBlock
}

/**
 * An encoder and a decoder (Ronneberger, Fischer and Brox, "U-Net", 2015): a block per resolution, halved by max pooling in between, and back by bilinear interpolation whose corners are aligned.
 * Every convolution is 3x3 with a bias. Parameters are named as PyTorch names those of `Sequential(convolution, norm, ReLU, …)`.
 */
export interface UNetArchitecture {
  readonly inputChannels: number
  /** From the finest to the coarsest. */
  readonly encoder: readonly ConvolutionBlock[]
  /** From the coarsest to the finest: as many levels as the encoder halves. */
  readonly decoder: readonly DecoderLevel[]
  /** Whether the decoder sees the encoder's values of its size, after its own. An autoencoder without them has its bottleneck alone. */
  readonly skips: boolean
  /** The last convolution, without normalisation and ReLU. */
  readonly output: { readonly name: string; readonly channels: number }
}

/** A convolution by the names of its parameters. */
export interface NamedConvolution {
  readonly convolution: string
  readonly norm: string
  readonly input: number
  readonly output: number
}

/** A block's convolutions, by PyTorch's numbers within a `Sequential`: 0, 1 (norm), 2 (ReLU), 3, … @param input - its channels */
export function blockConvolutions({ name, channels }: ConvolutionBlock, input: number): readonly NamedConvolution[] {
  return channels.map((output, index) => ({
    convolution: `${name}.${3 * index}`,
    norm: `${name}.${3 * index + 1}`,
    input: index === 0 ? input : channels[index - 1],
    output,
  }))
}

/** The convolution after an interpolation, which is number 0 of its `Sequential`. */
export function upConvolution({ name, channels }: DecoderLevel['up'], input: number): NamedConvolution {
  return { convolution: `${name}.1`, norm: `${name}.2`, input, output: channels }
}

/** The network with the channels of every convolution worked out. */
export interface UNetConvolutions {
  readonly encoder: readonly (readonly NamedConvolution[])[]
  readonly decoder: readonly { readonly up: NamedConvolution; readonly block: readonly NamedConvolution[] }[]
  readonly output: { readonly convolution: string; readonly input: number; readonly output: number }
}

/** @throws RangeError when the decoder does not have one level for each time that the encoder halves */
export function uNetConvolutions({ inputChannels, encoder, decoder, skips, output }: UNetArchitecture): UNetConvolutions {
  if (decoder.length !== encoder.length - 1)
    throw new RangeError(`${encoder.length} encoder blocks need ${encoder.length - 1} decoder levels`)
  const widths = encoder.map(lastChannels)
  const down = encoder.map((block, index) => blockConvolutions(block, index === 0 ? inputChannels : widths[index - 1]))
  const up = decoder.map((level, index) => {
    const input = index === 0 ? widths[widths.length - 1] : lastChannels(decoder[index - 1].block)
    const beside = skips ? widths[widths.length - 2 - index] : 0
    return { up: upConvolution(level.up, input), block: blockConvolutions(level.block, level.up.channels + beside) }
  })
  const last = decoder.length === 0 ? widths[0] : lastChannels(decoder[decoder.length - 1].block)
  return { encoder: down, decoder: up, output: { convolution: `${output.name}.0`, input: last, output: output.channels } }
}

/** All parameters, in PyTorch's names and order. */
export function uNetParameters(architecture: UNetArchitecture): readonly ParameterDefinition[] {
  const { encoder, decoder, output } = uNetConvolutions(architecture)
  const normalized = [...encoder.flat(), ...decoder.flatMap(({ up, block }) => [up, ...block])]
  return [
    ...normalized.flatMap((convolution) => [
      ...biasedConvolution(convolution),
      ...batchNormParameters(convolution.norm, convolution.output),
    ]),
    ...biasedConvolution(output),
  ]
}

function biasedConvolution({ convolution, input, output }: Omit<NamedConvolution, 'norm'>): readonly ParameterDefinition[] {
  return [...convolutionParameters(convolution, input, output, 3), ...biasParameters(convolution, output)]
}

function lastChannels({ name, channels }: ConvolutionBlock): number {
  const last = channels.at(-1)
  if (last === undefined) throw new RangeError(`the block "${name}" has no convolution`)
  return last
}
