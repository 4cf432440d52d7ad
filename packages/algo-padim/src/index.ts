import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { parameters, type PadimParameters } from './parameters.ts'

const padim: AlgorithmPlugin<PadimParameters> = defineAlgorithm<PadimParameters>({
  contract: 1,
  id: 'padim',
  revision: 1,
  title: 'PaDiM: Mahalanobis distance to one Gaussian of patch features per position',
  citation:
    'Defard et al., "PaDiM: a Patch Distribution Modeling Framework for Anomaly Detection and Localization", ICPR workshops 2021, arXiv 2011.08785',
  family: 'distribution-map',
  outputs: 'image+pixel',
  supervision: 'none',
  learnsOnAfterLoading: true,
  needs: { backbones: ['backbone'] },
  parameters,
  budgets: {
    paper: {},
    laptop: { backbone: 'embedded' },
    smoke: { backbone: 'embedded', size: 128, channels: 30 },
  },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  // Measured with embedded features on two cores.
  estimateSeconds: ({ size, channels }, { train, test }) => (size / 256) ** 2 * (0.05 + (channels / 100) ** 2 * 0.05) * (train + test),
  async create(given, context) {
    const { createPadim } = await import('./padim.ts')
    return createPadim(given, context)
  },
})

export default padim
