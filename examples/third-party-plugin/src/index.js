import { defineAlgorithm } from '@im-iad/core'
import { CELL } from './cell-colours.js'
import { parameters } from './parameters.js'

/** @import { ColourDistanceParameters } from './parameters.js' */

/** @type {import('@im-iad/core').AlgorithmPlugin<ColourDistanceParameters>} */
const colourDistance = defineAlgorithm({
  contract: 1,
  id: 'colour-distance',
  revision: 1,
  title: 'Colour distance: Mahalanobis distance of local colours to those of normal pictures',
  citation:
    'Reed and Yu, "Adaptive multiple-band CFAR detection of an optical pattern with unknown spectral distribution", IEEE Transactions on Acoustics, Speech, and Signal Processing 1990',
  family: 'distribution-map',
  outputs: 'image+pixel',
  supervision: 'none',
  needs: {},
  parameters,
  budgets: { paper: {}, laptop: {}, smoke: { cells: 8 } },
  input: ({ cells }) => ({ resize: { width: cells * CELL, height: cells * CELL }, resample: 'bilinear', crop: null }),
  estimateSeconds: ({ cells }, { train, test }) => (cells / 32) ** 2 * 0.005 * (train + test),
  async create(given) {
    const { ColourDistanceModel } = await import('./colour-distance-model.js')
    return new ColourDistanceModel(given)
  },
})

export default colourDistance
