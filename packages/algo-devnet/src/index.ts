import { defineAlgorithm, type AlgorithmPlugin } from '@im-iad/core'
import { estimateSeconds } from './estimate-seconds.ts'
import { parameters, type DevNetParameters } from './parameters.ts'

const devnet: AlgorithmPlugin<DevNetParameters> = defineAlgorithm<DevNetParameters>({
  contract: 1,
  id: 'devnet',
  revision: 1,
  title: 'DevNet: scores that a few labelled anomalies push away from a normal prior',
  citation: 'Pang et al., "Explainable Deep Few-shot Anomaly Detection with Deviation Networks", 2021, arXiv 2108.00462',
  family: 'supervised',
  outputs: 'image+pixel',
  supervision: 'image-labels',
  needs: { backbones: ['backbone'] },
  learnsOnAfterLoading: true,
  parameters,
  budgets: {
    paper: {},
    laptop: {
      backbone: 'embedded',
      level: 16,
      size: 256,
      trained: 'head',
      hiddenChannels: 32,
      epochs: 20,
      batchSize: 16,
      learningRate: 0.01,
    },
    smoke: {
      backbone: 'embedded',
      level: 16,
      size: 64,
      trained: 'head',
      hiddenChannels: 8,
      epochs: 2,
      stepsPerEpoch: 3,
      batchSize: 4,
      learningRate: 0.01,
    },
  },
  input: ({ size }) => ({ resize: { width: size, height: size }, resample: 'bilinear', crop: null }),
  estimateSeconds,
  async create(given, context) {
    const { createDevNet } = await import('./devnet.ts')
    return createDevNet(given, context)
  },
})

export default devnet
