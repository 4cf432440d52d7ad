import type { FeatureLevel } from '@im-iad/core'

/** A convolution of square kernel without dilation, padded as TensorFlow's SAME. */
export interface ConvolutionUnit {
  readonly name: string
  readonly input: number
  readonly output: number
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
}

/** A basic residual block (He et al., CVPR 2016). */
export interface BasicBlock {
  readonly first: ConvolutionUnit
  readonly second: ConvolutionUnit
  /** The 1x1 convolution beside the two, where channels or size change. */
  readonly shortcut: ConvolutionUnit | null
}

/** Blocks at one resolution. */
export interface Stage {
  readonly stride: number
  readonly channels: number
  readonly blocks: readonly BasicBlock[]
}

/** Two convolutions that halve the picture twice. */
export const STEM: readonly ConvolutionUnit[] = [
  { name: 'stem.0', input: 3, output: 24, kernel: 3, stride: 2 },
  { name: 'stem.1', input: 24, output: 48, kernel: 3, stride: 2 },
]

export const STAGES: readonly Stage[] = [
  stage({ stride: 4, input: 48, channels: 48, count: 1 }),
  stage({ stride: 8, input: 48, channels: 96, count: 2 }),
  stage({ stride: 16, input: 96, channels: 192, count: 2 }),
]

/** What the network gives: a linear 1x1 convolution of each stage, as wide as the teacher's stage of that stride. */
export const LEVELS: readonly FeatureLevel[] = [
  { name: 'stride4', channels: 24, stride: 4 },
  { name: 'stride8', channels: 40, stride: 8 },
  { name: 'stride16', channels: 112, stride: 16 },
]

/** The 1x1 convolution that gives a level. */
export interface Head {
  readonly level: string
  readonly unit: ConvolutionUnit
}

/** One per stage, in the order of {@link LEVELS}. */
export const HEADS: readonly Head[] = LEVELS.map(({ name, channels }, index) => ({
  level: name,
  unit: { name: `head.${name}`, input: STAGES[index].channels, output: channels, kernel: 1, stride: 1 },
}))

/** Every convolution that is followed by a batch normalisation, in the order in which they run. */
export const NORMALIZED_UNITS: readonly ConvolutionUnit[] = [
  ...STEM,
  ...STAGES.flatMap(({ blocks }) =>
    blocks.flatMap(({ first, second, shortcut }) => (shortcut === null ? [first, second] : [first, second, shortcut])),
  ),
]

interface StageShape {
  readonly stride: number
  readonly input: number
  readonly channels: number
  readonly count: number
}

function stage({ stride, input, channels, count }: StageShape): Stage {
  const blocks = Array.from({ length: count }, (_, index): BasicBlock => {
    const prefix = `stage${stride}.${index}`
    const [from, step] = index === 0 ? ([input, input === channels ? 1 : 2] as const) : ([channels, 1] as const)
    return {
      first: { name: `${prefix}.first`, input: from, output: channels, kernel: 3, stride: step },
      second: { name: `${prefix}.second`, input: channels, output: channels, kernel: 3, stride: 1 },
      shortcut: from === channels ? null : { name: `${prefix}.shortcut`, input: from, output: channels, kernel: 1, stride: step },
    }
  })
  return { stride, channels, blocks }
}
