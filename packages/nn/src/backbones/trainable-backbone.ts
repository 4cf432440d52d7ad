import type { NamedTensor } from '@im-iad/weights'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { openTensorEngine } from '../engines/open-engine.ts'
import type { NetworkMode } from '../layers/batch-normalize.ts'
import type { NetworkLevel } from '../networks/feature-network.ts'
import { heInitialization, type NormalSource } from '../parameters/initial-values.ts'
import type { ParameterValue } from '../parameters/parameter-set.ts'
import type { GraphValue, ModelGraphWriter } from '../trace/graph-writer.ts'
import { traceBackbone, type TracedBackbone } from '../trace/trace-backbone.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'
import { backboneParameters, type BackboneDefinition } from './backbone-definition.ts'
import { withoutWeightsFile } from './backbone-errors.ts'
import { createBackboneNetwork } from './create-backbone-network.ts'
import type { BackboneRequest } from './frozen-backbone.ts'
import { readBackboneWeights } from './read-backbone-weights.ts'
import { deepestLevel, wantedLevels } from './wanted-levels.ts'

/** Structurally core's TrainableRequest. */
export interface TrainableBackboneRequest {
  /** `pretrained`: the weights of the file. `random`: He's initialisation, which needs no file. `frozen`: those of the file as constants, for gradients with respect to pictures. */
  readonly start: 'pretrained' | 'random' | 'frozen'
  readonly random: NormalSource
  readonly strides: readonly number[]
}

/** Structurally a TrainableBackbone of core; its tensors are the engine's. */
export interface OpenTrainableBackbone {
  readonly levels: readonly NetworkLevel[]
  readonly normalization: PixelNormalization
  readonly variables: ReadonlyMap<string, Variable>
  readonly statistics: ReadonlyMap<string, Variable>
  /** Features of normalised `[count, height, width, 3]` pictures, in the order of `levels`. */
  forward(images: Tensor4D, mode: NetworkMode): readonly Tensor4D[]
  read(): Promise<Readonly<Record<string, ParameterValue>>>
  write(values: ReadonlyMap<string, ParameterValue>): void
  trace(
    graph: ModelGraphWriter,
    frames: { readonly value: GraphValue; readonly height: number; readonly width: number },
  ): Promise<TracedBackbone>
  dispose(): void
}

/**
 * Opens a network of a backbone's architecture whose weights are trained.
 * @throws ImIadError when the file does not fit the network, naming file and parameters; IM_IAD_E_LEVEL for a stride that no level has
 */
export async function openTrainableBackbone(
  definition: BackboneDefinition,
  request: BackboneRequest,
  wanted: TrainableBackboneRequest,
): Promise<OpenTrainableBackbone> {
  const deepest = deepestLevel(wantedLevels(definition, wanted.strides))
  const levels = definition.levels.filter(({ stride }) => stride <= deepest.stride)
  const weights = await firstWeights(definition, request, wanted, deepest.name)
  const { threads } = request
  const use = wanted.start === 'frozen' ? 'frozen' : 'trainable'
  const network = createBackboneNetwork(await openTensorEngine({ threads }), definition, deepest.name, { weights, use })
  const { parameters, variables } = network
  const places = levels.map(({ name }) => network.levels.findIndex((level) => level.name === name))
  return {
    levels,
    normalization: definition.architecture.normalization,
    variables,
    statistics: parameters.statistics,
    forward(images, mode) {
      const all = network.forward(images, mode)
      return places.map((place) => all[place])
    },
    read: () => parameters.read(),
    write: (values) => parameters.write(values),
    async trace(graph, frames) {
      const current = new Map<string, NamedTensor>(Object.entries(await parameters.read()))
      return traceBackbone(graph, frames, { definition, weights: current, wanted: levels, threads })
    },
    dispose: () => network.dispose(),
  }
}

async function firstWeights(
  definition: BackboneDefinition,
  { weightsFile }: BackboneRequest,
  { start, random }: TrainableBackboneRequest,
  through: string,
): Promise<ReadonlyMap<string, NamedTensor>> {
  if (start === 'random') return heInitialization(backboneParameters(definition, 'timm', through), random)
  if (weightsFile === null) throw withoutWeightsFile(definition.architecture.id)
  return readBackboneWeights(definition, weightsFile, through)
}
