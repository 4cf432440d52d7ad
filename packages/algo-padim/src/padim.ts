import {
  ImIadError,
  type AlgorithmContext,
  type AlgorithmInstance,
  type FeatureExtractor,
  type FitRequest,
  type GraphWriter,
  type ImageBatch,
  type Prediction,
  type TracedFrames,
  type TracedPrediction,
} from '@im-iad/core'
import { createMapProjection, openTensorEngine, type MapProjection, type TensorEngine } from '@im-iad/nn'
import { drawChannels, embedPositions, type PositionFeatures } from './embed-positions.ts'
import { fitGaussians, mahalanobisMaps, type PositionGaussians } from './position-gaussians.ts'
import { loadModel, saveModel } from './model-files.ts'
import type { PadimParameters } from './parameters.ts'
import { tracePadim } from './trace/trace-padim.ts'

/** Standard deviation of the map's Gaussian, in pixels of the input. */
const SIGMA = 4

export async function createPadim(parameters: PadimParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  return new Padim(parameters, context, await context.backbone(parameters.backbone), await openTensorEngine({ threads: context.threads }))
}

class Padim implements AlgorithmInstance {
  readonly #parameters: PadimParameters
  readonly #context: AlgorithmContext
  readonly #extractor: FeatureExtractor
  readonly #tensors: TensorEngine
  readonly #channels: readonly number[]
  #gaussians: PositionGaussians | null = null
  #projection: MapProjection | null = null

  constructor(parameters: PadimParameters, context: AlgorithmContext, extractor: FeatureExtractor, tensors: TensorEngine) {
    this.#parameters = parameters
    this.#context = context
    this.#extractor = extractor
    this.#tensors = tensors
    this.#channels = drawChannels(extractor, parameters, context.random.stream('channels'))
  }

  /** Replaces the Gaussians of an earlier task; only the drawn channels stay (open-iad). */
  async fit(request: FitRequest): Promise<void> {
    if (request.samples.length === 0)
      throw new ImIadError({
        code: 'IM_IAD_E_NO_TRAINING',
        what: `PaDiM has nothing to train on in task "${request.task}"`,
        fix: 'give it at least one normal image',
      })
    this.#gaussians = await fitGaussians(request, this.#parameters, (batch) => this.#embed(batch))
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    const gaussians = this.#fitted()
    const { measure } = this.#context
    const features = await measure('forward', () => this.#embed(batch))
    const distances = await measure('score', () => Promise.resolve(mahalanobisMaps(gaussians, features, batch.count)))
    this.#projection ??= createMapProjection(this.#tensors, { grid: features, output: batch, sigma: SIGMA })
    const projection = this.#projection
    const data = await measure('map', () => projection.project(distances, batch.count))
    const plane = batch.height * batch.width
    const scores = Float32Array.from({ length: batch.count }, (_, image) =>
      data.subarray(image * plane, (image + 1) * plane).reduce((largest, value) => Math.max(largest, value), 0),
    )
    return { scores, maps: { height: batch.height, width: batch.width, data } }
  }

  async save(directory: string): Promise<void> {
    await saveModel(directory, this.#fitted(), this.#channels)
  }

  async load(directory: string): Promise<void> {
    this.#gaussians = await loadModel(directory, this.#channels)
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    const gaussians = this.#fitted()
    const features = await this.#extractor.trace?.(graph, frames, this.#parameters.levels)
    if (features === undefined)
      throw new ImIadError({
        code: 'IM_IAD_E_EXPORT',
        what: `the backbone "${this.#parameters.backbone}" can't be exported`,
        problem: 'its plugin does not say how its features are computed (trace)',
        fix: 'fit the model with a backbone that does: embedded, or a feature extractor as an .onnx file',
      })
    return tracePadim(graph, { frames, features, gaussians, channels: this.#channels, sigma: SIGMA })
  }

  dispose(): Promise<void> {
    this.#projection?.dispose()
    return Promise.resolve()
  }

  #fitted(): PositionGaussians {
    if (this.#gaussians === null)
      throw new ImIadError({
        code: 'IM_IAD_E_NOT_FITTED',
        what: 'PaDiM has no Gaussians yet',
        fix: 'call fit or load before predict and save',
      })
    return this.#gaussians
  }

  async #embed(batch: ImageBatch): Promise<PositionFeatures> {
    return embedPositions(await this.#extractor.extract(batch, this.#parameters.levels), batch.count, this.#channels)
  }
}
