import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { parameters, type PatchCoreParameters } from './parameters.ts'

const patchcore: AlgorithmPlugin<PatchCoreParameters> = defineAlgorithm<PatchCoreParameters>({
  contract: 1,
  id: 'patchcore',
  revision: 1,
  title: 'PatchCore: distance to a coreset memory of patch features',
  citation: 'Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022, arXiv 2106.08265',
  family: 'memory-bank',
  outputs: 'image+pixel',
  supervision: 'none',
  learnsOnAfterLoading: true,
  needs: { backbones: ['backbone'] },
  parameters,
  budgets: {
    paper: {},
    laptop: { backbone: 'embedded', coresetRatio: 0.01 },
    smoke: { backbone: 'embedded', coresetRatio: 0.02, size: 128 },
  },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  // Measured with embedded features on two cores: extraction goes with the pixels, selection with the square of the pictures.
  estimateSeconds: ({ size, coresetRatio }, { train, test }) =>
    (size / 256) ** 2 * (0.06 * (train + test) + coresetRatio * (train / 100) ** 2 * 20),
  async create(given, context) {
    const { createPatchCore } = await import('./patchcore.ts')
    return createPatchCore(given, context)
  },
})

export default patchcore
