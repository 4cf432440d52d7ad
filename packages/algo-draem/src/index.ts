import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { estimateSeconds } from './estimate-seconds.ts'
import { parameters, type DraemParameters } from './parameters.ts'

const draem: AlgorithmPlugin<DraemParameters> = defineAlgorithm<DraemParameters>({
  contract: 1,
  id: 'draem',
  revision: 1,
  title: 'DRAEM: restores synthetically damaged images and segments the damage',
  citation:
    'Zavrtanik, Kristan and Skočaj, "DRÆM: A discriminatively trained reconstruction embedding for surface anomaly detection", ICCV 2021, arXiv 2108.07610',
  family: 'reconstruction-external-data',
  outputs: 'image+pixel',
  supervision: 'none',
  needs: { textures: true },
  learnsOnAfterLoading: true,
  parameters,
  budgets: {
    paper: {},
    laptop: {
      size: 128,
      restorerWidth: 8,
      segmenterWidth: 8,
      stepLimit: 250,
      learningRate: 2e-3,
      statisticsBatches: 20,
      scoreRadius: 5,
      textureColor: 'as-picture',
    },
    smoke: { size: 32, restorerWidth: 2, segmenterWidth: 2, epochs: 2, stepLimit: 3, batchSize: 2, statisticsBatches: 1 },
  },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  estimateSeconds,
  async create(given, context) {
    const { createDraem } = await import('./draem.ts')
    return createDraem(given, context)
  },
})

export default draem
