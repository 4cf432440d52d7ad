import type { BackbonePlugin } from '@im-iad/core'
import { EFFICIENTNET_B5, EFFICIENTNET_B6, EFFICIENTNET_LITE0 } from '@im-iad/nn/architectures'
import { efficientPlugin } from './efficient-plugin.ts'
import { EFFICIENTNET_B5_WEIGHTS, EFFICIENTNET_B6_WEIGHTS, EFFICIENTNET_LITE0_WEIGHTS } from './published-weights.ts'

const LITE =
  'Liu, "Higher accuracy on vision models with EfficientNet-Lite", TensorFlow blog, 16 March 2020; after Tan and Le, ICML 2019, arXiv 1905.11946'

const backbones: readonly BackbonePlugin[] = [
  efficientPlugin(EFFICIENTNET_LITE0, { title: 'EfficientNet-Lite0', citation: LITE, weights: EFFICIENTNET_LITE0_WEIGHTS }),
  efficientPlugin(EFFICIENTNET_B5, { title: 'EfficientNet-B5', weights: EFFICIENTNET_B5_WEIGHTS }),
  efficientPlugin(EFFICIENTNET_B6, { title: 'EfficientNet-B6', weights: EFFICIENTNET_B6_WEIGHTS }),
]

export default backbones
