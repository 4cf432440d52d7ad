import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { openTensorEngine } from '../engines/open-engine.ts'
import type { NetworkMode } from '../layers/batch-normalize.ts'
import type { NetworkLevel } from '../networks/feature-network.ts'
import type { ParameterSet } from '../parameters/parameter-set.ts'
import type { BackboneDefinition } from './backbone-definition.ts'
import { withoutWeightsFile } from './backbone-errors.ts'
import { createBackboneNetwork } from './create-backbone-network.ts'
import type { BackboneRequest } from './frozen-backbone.ts'
import { readBackboneWeights } from './read-backbone-weights.ts'
import { deepestLevel } from './wanted-levels.ts'

/** Structurally a TrainableBackbone of core; its tensors are the engine's. */
export interface OpenTrainableBackbone {
  readonly levels: readonly NetworkLevel[]
  readonly variables: ReadonlyMap<string, Variable>
  readonly parameters: ParameterSet
  /** Features of normalised `[count, height, width, 3]` pictures, in the order of `levels`. */
  forward(images: Tensor4D, mode: NetworkMode): readonly Tensor4D[]
  dispose(): void
}

/**
 * Opens a backbone whose weights go on being trained.
 * @throws ImIadError when the file does not fit the network, naming file and parameters
 */
export async function openTrainableBackbone(
  definition: BackboneDefinition,
  { weightsFile, threads }: BackboneRequest,
): Promise<OpenTrainableBackbone> {
  const { architecture, levels } = definition
  if (weightsFile === null) throw withoutWeightsFile(architecture.id)
  const through = deepestLevel(levels).name
  const weights = await readBackboneWeights(definition, weightsFile, through)
  const network = createBackboneNetwork(await openTensorEngine({ threads }), definition, through, { weights, use: 'trainable' })
  const places = levels.map(({ name }) => network.levels.findIndex((level) => level.name === name))
  return {
    levels,
    variables: network.variables,
    parameters: network.parameters,
    forward(images, mode) {
      const all = network.forward(images, mode)
      return places.map((place) => all[place])
    },
    dispose: () => network.dispose(),
  }
}
