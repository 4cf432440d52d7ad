import { IMAGENET_NORMALIZATION } from './imagenet-normalization.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'
import type { NormalizedConvolution } from '../layers/normalized-convolution.ts'
import type { ParameterDefinition } from '../parameters/parameter-definition.ts'
import { layerParameters } from './parameter-layers.ts'

/** A residual network of torchvision: He et al., CVPR 2016, with the stride of bottleneck blocks in their 3x3 convolution; wide ones: Zagoruyko and Komodakis, BMVC 2016. */
export interface ResidualArchitecture {
  readonly id: string
  /** Two 3x3 convolutions, or 1x1, 3x3, 1x1 with four times the channels at the end. */
  readonly block: 'basic' | 'bottleneck'
  /** Blocks of layer1 to layer4. */
  readonly blocks: readonly [number, number, number, number]
  /** Channels of the stem and of layer1's blocks: 64 as published. */
  readonly width: number
  /** Inner channels of a bottleneck, as a multiple of the layer's width. */
  readonly innerWidth: number
  /** What the published weights were trained with. */
  readonly normalization: PixelNormalization
}

const PUBLISHED = { width: 64, innerWidth: 1, normalization: IMAGENET_NORMALIZATION } as const

export const RESNET18: ResidualArchitecture = { ...PUBLISHED, id: 'resnet18', block: 'basic', blocks: [2, 2, 2, 2] }

export const RESNET34: ResidualArchitecture = { ...PUBLISHED, id: 'resnet34', block: 'basic', blocks: [3, 4, 6, 3] }

export const RESNET50: ResidualArchitecture = { ...PUBLISHED, id: 'resnet50', block: 'bottleneck', blocks: [3, 4, 6, 3] }

export const WIDE_RESNET50_2: ResidualArchitecture = { ...RESNET50, id: 'wide-resnet50-2', innerWidth: 2 }

export interface ResidualBlock {
  readonly main: readonly NormalizedConvolution[]
  /** The 1x1 convolution beside the block, where channels or size change. */
  readonly shortcut: NormalizedConvolution | null
}

/** A layer of the network: blocks at one resolution, a level of its features. */
export interface ResidualLayer {
  readonly name: 'layer1' | 'layer2' | 'layer3' | 'layer4'
  readonly channels: number
  /** Input pixels per feature position. */
  readonly stride: number
  readonly blocks: readonly ResidualBlock[]
}

export type LayerName = ResidualLayer['name']

export const LAYER_NAMES = ['layer1', 'layer2', 'layer3', 'layer4'] as const

/** A convolution 7x7 with stride 2 from RGB, followed by max pooling 3x3 with stride 2. */
export function stem({ width }: ResidualArchitecture): NormalizedConvolution {
  return { convolution: 'conv1', norm: 'bn1', depthwise: false, input: 3, output: width, kernel: 7, stride: 2 }
}

/** The layers up to and with the named one. */
export function residualLayers(architecture: ResidualArchitecture, through: LayerName): readonly ResidualLayer[] {
  const expansion = architecture.block === 'basic' ? 1 : 4
  let channels = architecture.width
  return LAYER_NAMES.slice(0, LAYER_NAMES.indexOf(through) + 1).map((name, index) => {
    const width = architecture.width * 2 ** index
    const blocks = Array.from({ length: architecture.blocks[index] }, (_, number) => {
      const block = residualBlock(architecture, {
        prefix: `${name}.${number}`,
        input: channels,
        width,
        output: width * expansion,
        stride: index > 0 && number === 0 ? 2 : 1,
      })
      channels = width * expansion
      return block
    })
    return { name, channels, stride: 4 * 2 ** index, blocks }
  })
}

interface BlockShape {
  readonly prefix: string
  readonly input: number
  readonly width: number
  readonly output: number
  readonly stride: number
}

function residualBlock(architecture: ResidualArchitecture, { prefix, input, width, output, stride }: BlockShape): ResidualBlock {
  const convolution = (number: number, from: number, to: number, kernel: number, step: number): NormalizedConvolution => ({
    convolution: `${prefix}.conv${number}`,
    norm: `${prefix}.bn${number}`,
    depthwise: false,
    input: from,
    output: to,
    kernel,
    stride: step,
  })
  const inner = width * architecture.innerWidth
  const main =
    architecture.block === 'basic'
      ? [convolution(1, input, output, 3, stride), convolution(2, output, output, 3, 1)]
      : [convolution(1, input, inner, 1, 1), convolution(2, inner, inner, 3, stride), convolution(3, inner, output, 1, 1)]
  const shortcut =
    stride === 1 && input === output
      ? null
      : { convolution: `${prefix}.downsample.0`, norm: `${prefix}.downsample.1`, depthwise: false, input, output, kernel: 1, stride }
  return { main, shortcut }
}

/** All convolutions up to and with the named layer, in torchvision's order. */
export function residualConvolutions(architecture: ResidualArchitecture, through: LayerName): readonly NormalizedConvolution[] {
  const convolutions = residualLayers(architecture, through).flatMap(({ blocks }) =>
    blocks.flatMap(({ main, shortcut }) => (shortcut === null ? main : [...main, shortcut])),
  )
  return [stem(architecture), ...convolutions]
}

/** All parameters up to and with the named layer, in torchvision's names and order. */
export function residualParameters(architecture: ResidualArchitecture, through: LayerName): readonly ParameterDefinition[] {
  return layerParameters(residualConvolutions(architecture, through))
}

/** The classifier: of no use to features. */
export function isResidualHead(name: string): boolean {
  return name.startsWith('fc.')
}
