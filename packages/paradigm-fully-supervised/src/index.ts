import { defineParadigm, type ParadigmPlugin } from '@im-iad/core'
import { parameters, type FullySupervisedParameters } from './parameters.ts'
import { planFullySupervised } from './plan-fully-supervised.ts'

const fullySupervised: ParadigmPlugin<FullySupervisedParameters> = defineParadigm<FullySupervisedParameters>({
  contract: 1,
  id: 'fully-supervised',
  revision: 1,
  title: 'Train on normal images and a few abnormal ones with masks',
  citation:
    'Xie et al., "IM-IAD: Industrial Image Anomaly Detection Benchmark in Manufacturing", IEEE Transactions on Cybernetics 2024, section III-A',
  scope: 'category',
  parameters,
  plan: planFullySupervised,
})

export default fullySupervised
