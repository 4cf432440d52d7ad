import type { BackbonePlugin } from '@im-iad/core'
import { RESNET18, RESNET34, RESNET50, WIDE_RESNET50_2 } from '@im-iad/nn/architectures'
import { residualPlugin } from './residual-plugin.ts'
import { RESNET18_WEIGHTS, RESNET34_WEIGHTS, RESNET50_WEIGHTS, WIDE_RESNET50_2_WEIGHTS } from './published-weights.ts'

const WIDE = 'Zagoruyko and Komodakis, "Wide Residual Networks", BMVC 2016, arXiv 1605.07146'

const backbones: readonly BackbonePlugin[] = [
  residualPlugin(RESNET18, { title: 'ResNet-18', weights: RESNET18_WEIGHTS }),
  residualPlugin(RESNET34, { title: 'ResNet-34', weights: RESNET34_WEIGHTS }),
  residualPlugin(RESNET50, { title: 'ResNet-50', weights: RESNET50_WEIGHTS }),
  residualPlugin(WIDE_RESNET50_2, { title: 'WideResNet-50-2', citation: WIDE, weights: WIDE_RESNET50_2_WEIGHTS }),
]

export default backbones
