import { defineParadigm, type ParadigmPlugin } from '@im-iad/core'
import { parameters, type ContinualParameters } from './parameters.ts'
import { planContinual } from './plan-continual.ts'

const continual: ParadigmPlugin<ContinualParameters> = defineParadigm<ContinualParameters>({
  contract: 1,
  id: 'continual',
  revision: 1,
  title: 'Learn one category after the other, and be tested on all so far',
  citation:
    'Xie et al., "IM-IAD: Industrial Image Anomaly Detection Benchmark in Manufacturing", IEEE Transactions on Cybernetics 2024, section III-D; Li et al., "Towards Continual Adaptation in Industrial Anomaly Detection", ACM MM 2022',
  scope: 'dataset',
  parameters,
  plan: planContinual,
})

export default continual
