import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { parameters, type PluginParameters } from './parameters.ts'

const plugin: AlgorithmPlugin<PluginParameters> = defineAlgorithm<PluginParameters>({
  contract: 1,
  id: '__id__',
  // Raise it whenever the same input may give other numbers.
  revision: 1,
  title: 'Standard score of every pixel against the mean normal picture',
  citation: 'none',
  family: 'distribution-map',
  outputs: 'image+pixel',
  supervision: 'none',
  needs: {},
  parameters,
  budgets: { paper: {}, laptop: {}, smoke: { size: 32 } },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  // Order of magnitude, on two CPU cores: `im-iad plan` adds it up.
  estimateSeconds: ({ size }, { train, test }) => (size / 128) ** 2 * 0.002 * (train + test),
  async create(given) {
    // Imported here, not above: listing plugins must not load what only running one needs.
    const { MeanPictureModel } = await import('./mean-picture-model.ts')
    return new MeanPictureModel(given)
  },
})

export default plugin
