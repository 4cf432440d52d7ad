import type { TensorEngine } from '../engines/engine-request.ts'
import { STAGE_NAMES } from '../networks/efficient-blocks.ts'
import { createEfficientNetwork } from '../networks/efficient-network.ts'
import type { FeatureNetwork, NetworkWeights } from '../networks/feature-network.ts'
import { LAYER_NAMES } from '../networks/residual-architecture.ts'
import { createResidualNetwork } from '../networks/residual-network.ts'
import { layerOf, type BackboneDefinition } from './backbone-definition.ts'

/** The network of a definition, up to a level. */
export function createBackboneNetwork(
  tf: TensorEngine,
  { family, architecture }: BackboneDefinition,
  through: string,
  weights: NetworkWeights,
): FeatureNetwork {
  return family === 'residual'
    ? createResidualNetwork(tf, { architecture, through: layerOf(LAYER_NAMES, through), ...weights })
    : createEfficientNetwork(tf, { architecture, through: layerOf(STAGE_NAMES, through), ...weights })
}
