import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { openTensorEngine } from '../engines/open-engine.ts'
import { syncTensors } from '../engines/sync-tensors.ts'
import type { LevelFeatures } from '../feature-level.ts'
import type { FeatureNetwork, NetworkLevel } from '../networks/feature-network.ts'
import type { GraphValue, ModelGraphWriter } from '../trace/graph-writer.ts'
import { traceBackbone, type TracedBackbone } from '../trace/trace-backbone.ts'
import { normalizedPixels, type PixelBatch } from '../training/normalized-pixels.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'
import type { BackboneDefinition } from './backbone-definition.ts'
import { withoutWeightsFile } from './backbone-errors.ts'
import { createBackboneNetwork } from './create-backbone-network.ts'
import { checkBackboneWeights, readBackboneWeights } from './read-backbone-weights.ts'
import { deepestLevel, wantedLevels } from './wanted-levels.ts'

/** The part of core's BackboneContext that is needed here. */
export interface BackboneRequest {
  readonly weightsFile: string | null
  readonly threads: number
}

/** Structurally a FeatureExtractor of core. */
export interface FrozenBackbone {
  readonly levels: readonly NetworkLevel[]
  readonly notes: readonly string[]
  /** Features at the given strides, in that order. @throws ImIadError IM_IAD_E_LEVEL for a stride that no level has */
  extract(batch: PixelBatch, strides: readonly number[]): Promise<readonly (LevelFeatures & { readonly level: NetworkLevel })[]>
  trace(
    graph: ModelGraphWriter,
    frames: { readonly value: GraphValue; readonly height: number; readonly width: number },
    strides: readonly number[],
  ): Promise<TracedBackbone>
  dispose(): Promise<void>
}

/**
 * Opens a backbone frozen: its weights are constants, which the default engine folds (batch normalisation into the convolutions) and keeps in one compiled graph. Names and shapes in the file are checked
 * now; numbers are read with the first extraction, and only those that the levels asked for need.
 * @throws ImIadError when the file does not fit the network, naming file and parameters
 */
export async function openFrozenBackbone(
  definition: BackboneDefinition,
  { weightsFile, threads }: BackboneRequest,
): Promise<FrozenBackbone> {
  const { architecture, levels } = definition
  if (weightsFile === null) throw withoutWeightsFile(architecture.id)
  await checkBackboneWeights(definition, weightsFile)
  const network = new GrowingNetwork(definition, weightsFile, await openTensorEngine({ threads }))
  return {
    levels,
    notes: [],
    async extract(batch, strides) {
      const wanted = wantedLevels(definition, strides)
      return extractLevels(await network.through(deepestLevel(wanted)), batch, wanted, architecture.normalization)
    },
    async trace(graph, frames, strides) {
      const wanted = wantedLevels(definition, strides)
      const weights = await readBackboneWeights(definition, weightsFile, deepestLevel(wanted).name)
      return traceBackbone(graph, frames, { definition, weights, wanted, threads })
    },
    dispose: () => network.dispose(),
  }
}

interface OpenNetwork {
  readonly tf: TensorEngine
  readonly network: FeatureNetwork
}

/** The network as far as it was needed so far; a deeper one replaces it. Calls follow one another. */
class GrowingNetwork {
  readonly #definition: BackboneDefinition
  readonly #weightsFile: string
  readonly #tf: TensorEngine
  #network: FeatureNetwork | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(definition: BackboneDefinition, weightsFile: string, tf: TensorEngine) {
    this.#definition = definition
    this.#weightsFile = weightsFile
    this.#tf = tf
  }

  through(level: NetworkLevel): Promise<OpenNetwork> {
    const next = this.#last.then(() => this.#grow(level))
    this.#last = next.catch(() => undefined)
    return next
  }

  async #grow({ name }: NetworkLevel): Promise<OpenNetwork> {
    const tf = this.#tf
    if (this.#network?.levels.some((level) => level.name === name) === true) return { tf, network: this.#network }
    const weights = await readBackboneWeights(this.#definition, this.#weightsFile, name)
    const grown = createBackboneNetwork(tf, this.#definition, name, { weights, use: 'folded' })
    this.#network?.dispose()
    this.#network = grown
    return { tf, network: grown }
  }

  async dispose(): Promise<void> {
    await this.#last
    this.#network?.dispose()
    this.#network = null
  }
}

async function extractLevels(
  { tf, network }: OpenNetwork,
  batch: PixelBatch,
  wanted: readonly NetworkLevel[],
  normalization: PixelNormalization,
): ReturnType<FrozenBackbone['extract']> {
  // Not in the graph: ONNX Runtime takes a sixth of the whole pass of EfficientNet-Lite0 for a factor and an offset that change with every element.
  const { data, shape } = normalizedPixels(batch, normalization)
  const images = tf.tensor4d(data, shape)
  const features = tf.tidy(() => {
    const all = network.forward(images, 'inference')
    return all.filter((_, index) => wanted.some(({ name }) => name === network.levels[index].name))
  })
  const names = network.levels.filter(({ name }) => wanted.some((level) => level.name === name)).map(({ name }) => name)
  try {
    await syncTensors(tf, features)
    return await Promise.all(wanted.map((level) => levelFeatures(level, features[names.indexOf(level.name)])))
  } finally {
    tf.dispose([images, ...features])
  }
}

async function levelFeatures(level: NetworkLevel, tensor: Tensor4D): Promise<LevelFeatures & { readonly level: NetworkLevel }> {
  const [, height, width] = tensor.shape
  return { level, height, width, data: (await tensor.data()) as Float32Array }
}
