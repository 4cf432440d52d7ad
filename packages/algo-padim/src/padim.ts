import {
  openFrozenFeatures,
  type AlgorithmContext,
  type AlgorithmInstance,
  type FitRequest,
  type FrozenFeatures,
  type GraphWriter,
  type ImageBatch,
  type Prediction,
  type TracedFrames,
  type TracedPrediction,
} from '@im-iad/core'
import { mahalanobisDistances } from '@im-iad/linalg'
import {
  embedPositions,
  largestOfMaps,
  notFitted,
  nothingToTrainOn,
  openGridMaps,
  openTensorEngine,
  type GridMaps,
  type PatchFeatures,
} from '@im-iad/nn'
import { fitGaussians, type PositionGaussians } from './position-gaussians.ts'
import { loadModel, saveModel } from './model-files.ts'
import type { PadimParameters } from './parameters.ts'
import { tracePadim } from './trace-padim.ts'

/** Standard deviation of the map's Gaussian, in pixels of the input. */
const SIGMA = 4

export async function createPadim(parameters: PadimParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const features = await openFrozenFeatures(context, parameters)
  return new Padim(parameters, context, features, openGridMaps(await openTensorEngine({ threads: context.threads }), SIGMA))
}

class Padim implements AlgorithmInstance {
  readonly #parameters: PadimParameters
  readonly #context: AlgorithmContext
  readonly #features: FrozenFeatures
  readonly #maps: GridMaps
  /** Numbers through all levels; in the order in which they were drawn. */
  readonly #channels: readonly number[]
  #gaussians: PositionGaussians | null = null

  constructor(parameters: PadimParameters, context: AlgorithmContext, features: FrozenFeatures, maps: GridMaps) {
    this.#parameters = parameters
    this.#context = context
    this.#features = features
    this.#maps = maps
    const total = features.levels.reduce((sum, level) => sum + level.channels, 0)
    this.#channels = context.random.stream('channels').sample(total, Math.min(parameters.channels, total))
  }

  /** Replaces the Gaussians of an earlier task; only the drawn channels stay (open-iad). */
  async fit(request: FitRequest): Promise<void> {
    if (request.samples.length === 0) throw nothingToTrainOn('PaDiM', request.task)
    this.#gaussians = await fitGaussians(request, this.#parameters, (batch) => this.#embed(batch))
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    const { grid, field } = this.#fitted()
    const { measure } = this.#context
    const { data } = await measure('forward', () => this.#embed(batch))
    const distances = await measure('score', () => Promise.resolve(mahalanobisDistances(field, data, batch.count)))
    const maps = await measure('map', () => this.#maps.project(distances, batch.count, grid, batch))
    return { scores: largestOfMaps(maps, batch.count), maps }
  }

  async save(directory: string): Promise<void> {
    await saveModel(directory, this.#fitted(), this.#channels)
  }

  async load(directory: string): Promise<void> {
    this.#gaussians = await loadModel(directory, this.#channels)
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    const gaussians = this.#fitted()
    const features = await this.#features.trace(graph, frames)
    return tracePadim(graph, { frames, features, gaussians, channels: this.#channels, sigma: SIGMA })
  }

  dispose(): Promise<void> {
    this.#maps.dispose()
    return Promise.resolve()
  }

  #fitted(): PositionGaussians {
    if (this.#gaussians === null) throw notFitted('PaDiM')
    return this.#gaussians
  }

  async #embed(batch: ImageBatch): Promise<PatchFeatures> {
    return embedPositions(await this.#features.extract(batch), batch.count, this.#channels)
  }
}
