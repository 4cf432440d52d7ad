import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { estimateSeconds } from './estimate-seconds.ts'
import { parameters, type StpmParameters } from './parameters.ts'

const stpm: AlgorithmPlugin<StpmParameters> = defineAlgorithm<StpmParameters>({
  contract: 1,
  id: 'stpm',
  revision: 1,
  title: 'STPM: how far a student that saw only normal images is from its teacher',
  citation: 'Wang et al., "Student-Teacher Feature Pyramid Matching for Anomaly Detection", BMVC 2021, arXiv 2103.04257',
  family: 'teacher-student',
  outputs: 'image+pixel',
  supervision: 'none',
  needs: { backbones: ['backbone'] },
  learnsOnAfterLoading: true,
  parameters,
  budgets: {
    paper: {},
    laptop: { backbone: 'embedded', studentInit: 'random', studentWidth: 16, stepLimit: 400, size: 128 },
    smoke: { backbone: 'embedded', studentInit: 'random', studentWidth: 8, stepLimit: 5, size: 64 },
  },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  estimateSeconds,
  async create(given, context) {
    const { createStpm } = await import('./stpm.ts')
    return createStpm(given, context)
  },
})

export default stpm
