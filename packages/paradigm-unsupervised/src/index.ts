import { defineParadigm, type ParadigmPlugin } from '@im-iad/core'
import { parameters, type UnsupervisedParameters } from './parameters.ts'
import { planUnsupervised } from './plan-unsupervised.ts'

const unsupervised: ParadigmPlugin<UnsupervisedParameters> = defineParadigm<UnsupervisedParameters>({
  contract: 1,
  id: 'unsupervised',
  revision: 1,
  title: 'Train on normal images only, test on the rest',
  citation:
    'Xie et al., "IM-IAD: Industrial Image Anomaly Detection Benchmark in Manufacturing", IEEE Transactions on Cybernetics 2024, section III-A',
  scope: 'category',
  parameters,
  plan: planUnsupervised,
})

export default unsupervised
