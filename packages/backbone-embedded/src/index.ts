import { defineBackbone, type BackbonePlugin } from '@im-iad/core'
import { LEVELS } from './levels.ts'

const embedded: BackbonePlugin = defineBackbone({
  contract: 1,
  id: 'embedded',
  revision: 1,
  title: 'Contrast-normalised oriented energies, a filter bank defined by formula',
  citation:
    'this package; after Heeger, "Normalization of cell responses in cat striate cortex", Visual Neuroscience 9, 1992, and Bruna and Mallat, "Invariant scattering convolution networks", IEEE TPAMI 35, 2013',
  license: 'MIT',
  // The graph takes plain pixels.
  normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
  levels: LEVELS,
  weights: { kind: 'formula' },
  async open(context) {
    const { openEmbeddedBackbone } = await import('./open-embedded-backbone.ts')
    return openEmbeddedBackbone(context)
  },
  async train(context, request) {
    const { openDifferentiableBackbone } = await import('./open-differentiable-backbone.ts')
    return openDifferentiableBackbone(context, request)
  },
})

export default embedded
