import { IMAGENET_NORMALIZATION } from './imagenet-normalization.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'

/** One stage: blocks of one width, the first of which may halve the resolution. */
export interface EfficientStage {
  /** Inner channels of a block as a multiple of what comes in; 1 has no expansion. */
  readonly expansion: number
  readonly kernel: 3 | 5
  readonly stride: 1 | 2
  readonly channels: number
  readonly blocks: number
}

/** An EfficientNet (Tan and Le, ICML 2019) in TensorFlow's form: SAME padding from the actual size, batch normalisation with epsilon 1e-3. */
export interface EfficientArchitecture {
  readonly id: string
  readonly stemChannels: number
  /** Of the last convolution before the classifier. */
  readonly headChannels: number
  readonly stages: readonly [EfficientStage, EfficientStage, EfficientStage, EfficientStage, EfficientStage, EfficientStage, EfficientStage]
  readonly activation: 'relu6' | 'swish'
  /** Channels inside squeeze-and-excitation (Hu et al., CVPR 2018), as a share of what comes into the block; `null`: none. */
  readonly squeeze: number | null
  /** What the published weights were trained with. */
  readonly normalization: PixelNormalization
}

/** Expansion, kernel, stride, channels and blocks of EfficientNet-B0's stages. */
const BASE = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const satisfies readonly (readonly [number, 3 | 5, 1 | 2, number, number])[]

const STEM = 32
const HEAD = 1280

/** Factors of width and depth, the compound scaling of the paper. */
interface Scaling {
  readonly width: number
  readonly depth: number
}

/** Channels are multiples of 8, at most a tenth below the exact product. */
function scaleChannels(channels: number, width: number): number {
  const exact = channels * width
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8)
  return rounded < 0.9 * exact ? rounded + 8 : rounded
}

function scaleStage([expansion, kernel, stride, channels, blocks]: (typeof BASE)[number], { width, depth }: Scaling): EfficientStage {
  return { expansion, kernel, stride, channels: scaleChannels(channels, width), blocks: Math.ceil(blocks * depth) }
}

function scaleStages(scaling: Scaling): EfficientArchitecture['stages'] {
  const [first, second, third, fourth, fifth, sixth, seventh] = BASE
  const scaled = (stage: (typeof BASE)[number]): EfficientStage => scaleStage(stage, scaling)
  return [scaled(first), scaled(second), scaled(third), scaled(fourth), scaled(fifth), scaled(sixth), scaled(seventh)]
}

function scaledNetwork(id: string, scaling: Scaling): EfficientArchitecture {
  return {
    id,
    stemChannels: scaleChannels(STEM, scaling.width),
    headChannels: scaleChannels(HEAD, scaling.width),
    stages: scaleStages(scaling),
    activation: 'swish',
    squeeze: 0.25,
    normalization: IMAGENET_NORMALIZATION,
  }
}

/** Google's EfficientNet-Lite0: ReLU6, no squeeze-and-excitation, pixels as `(p - 127) / 128`. */
export const EFFICIENTNET_LITE0: EfficientArchitecture = {
  id: 'efficientnet-lite0',
  stemChannels: STEM,
  headChannels: HEAD,
  stages: scaleStages({ width: 1, depth: 1 }),
  activation: 'relu6',
  squeeze: null,
  normalization: { mean: [127, 127, 127], std: [128, 128, 128] },
}

export const EFFICIENTNET_B5: EfficientArchitecture = scaledNetwork('efficientnet-b5', { width: 1.6, depth: 2.2 })

export const EFFICIENTNET_B6: EfficientArchitecture = scaledNetwork('efficientnet-b6', { width: 1.8, depth: 2.6 })
