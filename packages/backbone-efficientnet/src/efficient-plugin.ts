import { defineBackbone, type BackbonePlugin, type WeightsSource } from '@im-iad/core'
import { backboneParts, efficientBackbone, type EfficientArchitecture } from '@im-iad/nn/architectures'
import { PORT_NAMES } from './published-weights.ts'

/** What sets one plugin of this package apart from the others. */
export interface EfficientPlugin {
  readonly title: string
  /** Tan and Le by default. */
  readonly citation?: string
  readonly weights: WeightsSource
}

const CITATION = 'Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, arXiv 1905.11946'

/** An EfficientNet as a plugin: the network is written once, in `@im-iad/nn`. */
export function efficientPlugin(
  architecture: EfficientArchitecture,
  { title, citation = CITATION, weights }: EfficientPlugin,
): BackbonePlugin {
  const parts = backboneParts(efficientBackbone(architecture), (names) => (names === PORT_NAMES ? 'port' : 'timm'))
  return defineBackbone({ contract: 1, id: architecture.id, revision: 1, title, citation, license: 'MIT', weights, ...parts })
}
