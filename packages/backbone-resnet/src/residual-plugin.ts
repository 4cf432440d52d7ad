import { defineBackbone, type BackbonePlugin, type WeightsSource } from '@im-iad/core'
import { backboneParts, residualBackbone, type ResidualArchitecture } from '@im-iad/nn/architectures'

/** What sets one plugin of this package apart from the others. */
export interface ResidualPlugin {
  readonly title: string
  /** He et al. by default. */
  readonly citation?: string
  readonly weights: WeightsSource
}

const CITATION = 'He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv 1512.03385'

/** A residual network of torchvision as a plugin: the network is written once, in `@im-iad/nn`. */
export function residualPlugin(
  architecture: ResidualArchitecture,
  { title, citation = CITATION, weights }: ResidualPlugin,
): BackbonePlugin {
  const parts = backboneParts(residualBackbone(architecture))
  return defineBackbone({ contract: 1, id: architecture.id, revision: 1, title, citation, license: 'MIT', weights, ...parts })
}
