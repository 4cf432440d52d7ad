import { defineBackbone, type BackbonePlugin } from '@im-iad/core'

const learned: BackbonePlugin = defineBackbone({
  contract: 1,
  id: 'learned',
  revision: 1,
  title: 'Small network, learned from procedural pictures',
  citation: 'Knowledge distillation by hints: Romero et al., "FitNets: Hints for Thin Deep Nets", ICLR 2015',
  license: 'MIT',
  normalization: { mean: [127, 127, 127], std: [128, 128, 128] },
  levels: [
    { name: 'stride4', channels: 24, stride: 4 },
    { name: 'stride8', channels: 40, stride: 8 },
    { name: 'stride16', channels: 112, stride: 16 },
  ],
  weights: {
    kind: 'packaged',
    sha256: '8a197f70b9c38a261f33ff5aacef32cd20b5626092b83cdc0c9219e568060bd1',
    license: 'MIT',
    trainedOn: "procedural pictures, to reproduce EfficientNet-Lite0's features of them",
  },
  async open(context) {
    const { openLearnedBackbone } = await import('./open-learned-backbone.ts')
    return openLearnedBackbone(context)
  },
})

export default learned
