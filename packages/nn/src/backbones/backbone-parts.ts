import type { EfficientNaming } from '../networks/efficient-naming.ts'
import type { NetworkLevel } from '../networks/feature-network.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'
import { backboneParameters, type BackboneDefinition } from './backbone-definition.ts'
import type { BackboneRequest, FrozenBackbone } from './frozen-backbone.ts'
import type { OpenTrainableBackbone, TrainableBackboneRequest } from './trainable-backbone.ts'

/** What a backbone plugin of core says about a network of this package; the rest (id, title, citation, weights) is the plugin's own. */
export interface BackboneParts {
  readonly normalization: PixelNormalization
  readonly levels: readonly NetworkLevel[]
  weightShapes(names: string): ReadonlyMap<string, readonly number[]>
  open(request: BackboneRequest): Promise<FrozenBackbone>
  train(request: BackboneRequest, wanted: TrainableBackboneRequest): Promise<OpenTrainableBackbone>
}

/**
 * A network as the parts of a backbone plugin. The tensor library is loaded when it is opened.
 * @param namingOf - whose names the plugin's weights mean by a `parameterNames`; needed where an EfficientNet has files that are not timm's
 */
export function backboneParts(definition: BackboneDefinition, namingOf: (names: string) => EfficientNaming = () => 'timm'): BackboneParts {
  return {
    normalization: definition.architecture.normalization,
    levels: definition.levels,
    weightShapes: (names) => new Map(backboneParameters(definition, namingOf(names)).map(({ name, shape }) => [name, shape])),
    async open(request) {
      const { openFrozenBackbone } = await import('./frozen-backbone.ts')
      return openFrozenBackbone(definition, request)
    },
    async train(request, wanted) {
      const { openTrainableBackbone } = await import('./trainable-backbone.ts')
      return openTrainableBackbone(definition, request, wanted)
    },
  }
}
