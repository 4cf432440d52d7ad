import type { NormalizedConvolution } from '../layers/normalized-convolution.ts'
import { biasParameters, convolutionParameters, type ParameterDefinition } from '../parameters/parameter-definition.ts'
import type { EfficientArchitecture, EfficientStage } from './efficient-architecture.ts'
import { blockNames, stemNames, type EfficientNaming } from './efficient-naming.ts'
import { layerParameters, type ParameterLayer } from './parameter-layers.ts'

/** A level of the network: what a stage gives. */
export type StageName = (typeof STAGE_NAMES)[number]

export const STAGE_NAMES = ['stage1', 'stage2', 'stage3', 'stage4', 'stage5', 'stage6', 'stage7'] as const

/** Squeeze-and-excitation: two 1x1 convolutions with bias. */
export interface SqueezeExcitation {
  readonly reduce: string
  readonly expand: string
  readonly channels: number
  readonly squeezed: number
}

/** An inverted residual (Sandler et al., CVPR 2018). */
export interface EfficientBlock {
  /** 1x1, then the activation. */
  readonly expand: NormalizedConvolution | null
  readonly depthwise: NormalizedConvolution
  readonly squeeze: SqueezeExcitation | null
  /** 1x1, no activation. */
  readonly project: NormalizedConvolution
  /** What comes in is added to what goes out. */
  readonly residual: boolean
}

export interface EfficientLayer {
  readonly name: StageName
  readonly channels: number
  readonly stride: number
  readonly blocks: readonly EfficientBlock[]
}

/** 3x3 with stride 2 from RGB. */
export function efficientStem({ stemChannels }: EfficientArchitecture, naming: EfficientNaming): NormalizedConvolution {
  return { ...stemNames(naming), depthwise: false, input: 3, output: stemChannels, kernel: 3, stride: 2 }
}

/** The stages up to and with the named one. */
export function efficientLayers(
  architecture: EfficientArchitecture,
  through: StageName,
  naming: EfficientNaming,
): readonly EfficientLayer[] {
  let input = architecture.stemChannels
  let stride = 2
  let index = 0
  return architecture.stages.slice(0, STAGE_NAMES.indexOf(through) + 1).map((stage, number) => {
    stride *= stage.stride
    const blocks = Array.from({ length: stage.blocks }, (_, block) => {
      const names = { naming, place: { stage: number, block, index: index++ } }
      const made = efficientBlock(stage, names, {
        input,
        stride: block === 0 ? stage.stride : 1,
        squeeze: architecture.squeeze,
      })
      input = stage.channels
      return made
    })
    return { name: STAGE_NAMES[number], channels: stage.channels, stride, blocks }
  })
}

interface BlockNaming {
  readonly naming: EfficientNaming
  readonly place: Parameters<typeof blockNames>[1]
}

interface BlockShape {
  readonly input: number
  readonly stride: number
  readonly squeeze: number | null
}

function efficientBlock(
  { expansion, kernel, channels }: EfficientStage,
  { naming, place }: BlockNaming,
  { input, stride, squeeze }: BlockShape,
): EfficientBlock {
  const expands = expansion !== 1
  const names = blockNames(naming, place, expands)
  const inner = input * expansion
  const pointwise = { depthwise: false, kernel: 1, stride: 1 }
  return {
    expand: expands ? { ...names.expand, ...pointwise, input, output: inner } : null,
    depthwise: { ...names.depthwise, depthwise: true, input: inner, output: inner, kernel, stride },
    squeeze: squeeze === null ? null : { ...names.squeeze, channels: inner, squeezed: Math.round(input * squeeze) },
    project: { ...names.project, ...pointwise, input: inner, output: channels },
    residual: stride === 1 && input === channels,
  }
}

/** What has parameters, up to and with the named stage, in the order of the network. */
export function efficientParameterLayers(
  architecture: EfficientArchitecture,
  through: StageName,
  naming: EfficientNaming,
): readonly ParameterLayer[] {
  const blocks = efficientLayers(architecture, through, naming).flatMap((layer) => layer.blocks)
  return [
    efficientStem(architecture, naming),
    ...blocks.flatMap(({ expand, depthwise, squeeze, project }): readonly ParameterLayer[] => [
      ...(expand === null ? [] : [expand]),
      depthwise,
      ...(squeeze === null ? [] : [{ plain: squeezeParameters(squeeze) }]),
      project,
    ]),
  ]
}

/** All parameters up to and with the named stage, in the order of the network. */
export function efficientParameters(
  architecture: EfficientArchitecture,
  through: StageName,
  naming: EfficientNaming = 'timm',
): readonly ParameterDefinition[] {
  return layerParameters(efficientParameterLayers(architecture, through, naming))
}

function squeezeParameters({ reduce, expand, channels, squeezed }: SqueezeExcitation): readonly ParameterDefinition[] {
  return [
    ...convolutionParameters(reduce, channels, squeezed, 1),
    ...biasParameters(reduce, squeezed),
    ...convolutionParameters(expand, squeezed, channels, 1),
    ...biasParameters(expand, channels),
  ]
}
