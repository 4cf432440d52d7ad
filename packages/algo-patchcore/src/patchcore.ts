import {
  openFrozenFeatures,
  type AlgorithmContext,
  type FitRequest,
  type FrozenFeatures,
  type GraphWriter,
  type ImageBatch,
  type Prediction,
  type TracedFrames,
  type TracedPrediction,
} from '@im-iad/core'
import { nearestNeighbors, prepareBank, type Matrix, type PreparedBank } from '@im-iad/linalg'
import {
  embedPatches,
  notFitted,
  nothingToTrainOn,
  openGridMaps,
  openTensorEngine,
  type GridMaps,
  type PatchFeatures,
  type TensorEngine,
} from '@im-iad/nn'
import { createMatrixProduct, type MatrixProduct } from '@im-iad/onnx'
import { buildMemory } from './build-memory.ts'
import { imageScore } from './image-score.ts'
import { withoutImages, type Memory, type MemoryImage } from './memory.ts'
import { loadMemory, saveMemory } from './model-files.ts'
import type { PatchCoreParameters } from './parameters.ts'
import type { ImagePatches, PatchCoreModel } from './patchcore-model.ts'
import { tracePatchCore } from './trace-patchcore.ts'

/** Standard deviation of the map's Gaussian, in pixels of the input. */
const SIGMA = 4

/** PatchCore in variant A, that of the authors' repository. */
export async function createPatchCore(parameters: PatchCoreParameters, context: AlgorithmContext): Promise<PatchCoreModel> {
  const tensors = await openTensorEngine({ threads: context.threads })
  return new PatchCore(parameters, context, {
    features: await openFrozenFeatures(context, parameters),
    tensors,
    maps: openGridMaps(tensors, SIGMA),
    product: await createMatrixProduct({ threads: context.threads }),
  })
}

/** What a model computes with. */
interface Tools {
  readonly features: FrozenFeatures
  readonly tensors: TensorEngine
  readonly maps: GridMaps
  readonly product: MatrixProduct
}

class PatchCore implements PatchCoreModel {
  readonly #parameters: PatchCoreParameters
  readonly #context: AlgorithmContext
  readonly #tools: Tools
  #fitted: { readonly memory: Memory; readonly bank: PreparedBank } | null = null

  constructor(parameters: PatchCoreParameters, context: AlgorithmContext, tools: Tools) {
    this.#parameters = parameters
    this.#context = context
    this.#tools = tools
  }

  async fit(request: FitRequest): Promise<void> {
    const { memory, coresetRatio } = this.#parameters
    await this.#remember(request, memory === 'append' ? (this.#fitted?.memory ?? null) : null, coresetRatio)
  }

  async addImages(request: FitRequest, coresetRatio: number = 1): Promise<void> {
    await this.#remember(request, this.#fitted?.memory ?? null, coresetRatio)
  }

  removeImages(isRemoved: (image: MemoryImage) => boolean): number {
    const { memory } = this.#state()
    const left = withoutImages(memory, isRemoved)
    this.#setMemory(left)
    return memory.patches.rows - (left?.patches.rows ?? 0)
  }

  images(): readonly ImagePatches[] {
    const { images, owners } = this.#state().memory
    const counts = new Int32Array(images.length)
    for (const owner of owners) counts[owner]++
    return images.map((image, index) => ({ ...image, patches: counts[index] }))
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    const { bank } = this.#state()
    const { measure } = this.#context
    const features = await measure('forward', () => this.#embed(batch))
    const patches = features.height * features.width
    const queries: Matrix = { rows: batch.count * patches, columns: features.dimension, data: features.data }
    const { product, maps } = this.#tools
    const nearest = await measure('score', () => nearestNeighbors({ queries, bank, count: 1, product }))
    const scores = new Float32Array(batch.count)
    for (let image = 0; image < batch.count; image++)
      scores[image] = await imageScore({ image, patches, queries, nearest, bank, parameters: this.#parameters, product })
    return { scores, maps: await measure('map', () => maps.project(nearest.squaredDistances, batch.count, features, batch)) }
  }

  async save(directory: string): Promise<void> {
    await saveMemory(directory, this.#state().memory)
  }

  async load(directory: string): Promise<void> {
    this.#setMemory(await loadMemory(directory))
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    const { bank } = this.#state()
    const features = await this.#tools.features.trace(graph, frames)
    return tracePatchCore(graph, { frames, features, bank, parameters: this.#parameters, sigma: SIGMA })
  }

  async dispose(): Promise<void> {
    this.#tools.maps.dispose()
    await this.#tools.product.dispose()
  }

  async #remember(request: FitRequest, earlier: Memory | null, coresetRatio: number): Promise<void> {
    if (request.samples.length === 0) throw nothingToTrainOn('PatchCore', request.task)
    const context = this.#context
    const tools = { parameters: this.#parameters, random: context.random, product: this.#tools.product, context }
    this.#setMemory(await buildMemory({ request, earlier, coresetRatio, embed: (batch) => this.#embed(batch), tools }))
  }

  #setMemory(memory: Memory | null): void {
    this.#fitted = memory === null ? null : { memory, bank: prepareBank(memory.patches) }
  }

  #state(): { readonly memory: Memory; readonly bank: PreparedBank } {
    if (this.#fitted === null) throw notFitted('PatchCore')
    return this.#fitted
  }

  async #embed(batch: ImageBatch): Promise<PatchFeatures> {
    const { features, tensors } = this.#tools
    return embedPatches(tensors, await features.extract(batch), batch.count, this.#parameters.targetDimension)
  }
}
