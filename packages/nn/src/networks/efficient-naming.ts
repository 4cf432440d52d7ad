/**
 * Whose names the parameters have: those of timm's `tf_efficientnet_*`, or those of the ports named after `efficientnet_pytorch`, whose modules begin with an underscore.
 */
export type EfficientNaming = 'timm' | 'port'

/** Where a block stands: stages and blocks from 0. */
export interface BlockPlace {
  readonly stage: number
  readonly block: number
  /** Counted through all stages. */
  readonly index: number
}

/** The names of one block's modules. */
export interface BlockNames {
  readonly expand: ModuleNames
  readonly depthwise: ModuleNames
  readonly squeeze: { readonly reduce: string; readonly expand: string }
  readonly project: ModuleNames
}

export interface ModuleNames {
  readonly convolution: string
  readonly norm: string
}

const STEMS: Readonly<Record<EfficientNaming, ModuleNames>> = {
  timm: { convolution: 'conv_stem', norm: 'bn1' },
  port: { convolution: '_conv_stem', norm: '_bn0' },
}

/** Names of what comes before the blocks. */
export function stemNames(naming: EfficientNaming): ModuleNames {
  return STEMS[naming]
}

/** timm numbers a block's convolutions by what is there: without expansion the projection is `conv_pw`, and the normalisations start with the depthwise one. */
export function blockNames(naming: EfficientNaming, place: BlockPlace, expands: boolean): BlockNames {
  return naming === 'port' ? portNames(`_blocks.${place.index}`) : timmNames(`blocks.${place.stage}.${place.block}`, expands)
}

function portNames(prefix: string): BlockNames {
  return {
    expand: { convolution: `${prefix}._expand_conv`, norm: `${prefix}._bn0` },
    depthwise: { convolution: `${prefix}._depthwise_conv`, norm: `${prefix}._bn1` },
    squeeze: { reduce: `${prefix}._se_reduce`, expand: `${prefix}._se_expand` },
    project: { convolution: `${prefix}._project_conv`, norm: `${prefix}._bn2` },
  }
}

function timmNames(prefix: string, expands: boolean): BlockNames {
  const first = expands ? 2 : 1
  return {
    expand: { convolution: `${prefix}.conv_pw`, norm: `${prefix}.bn1` },
    depthwise: { convolution: `${prefix}.conv_dw`, norm: `${prefix}.bn${first}` },
    squeeze: { reduce: `${prefix}.se.conv_reduce`, expand: `${prefix}.se.conv_expand` },
    project: { convolution: `${prefix}.${expands ? 'conv_pwl' : 'conv_pw'}`, norm: `${prefix}.bn${first + 1}` },
  }
}

/** Whose names these are, told by the first convolution's, whatever stands before it; timm's where there is neither. */
export function namingOf(names: Iterable<string>): EfficientNaming {
  return [...names].some((name) => name.endsWith(`${STEMS.port.convolution}.weight`)) ? 'port' : 'timm'
}

/** The classifier's parameters and the convolution before it: of no use to features. */
export function isEfficientHead(name: string): boolean {
  return /^(conv_head|bn2|classifier|_conv_head|_bn1|_fc)\./.test(name)
}
