import type {
  AlgorithmContext,
  AlgorithmInstance,
  FeatureExtractor,
  FitRequest,
  GraphWriter,
  ImageBatch,
  Prediction,
  TracedFrames,
  TracedPrediction,
} from '@im-iad/core'
import { nearestNeighbors, prepareBank, type Matrix, type PreparedBank } from '@im-iad/linalg'
import { createMapProjection, embedPatches, openTensorEngine, type MapProjection, type PatchFeatures, type TensorEngine } from '@im-iad/nn'
import { createMatrixProduct, type MatrixProduct } from '@im-iad/onnx'
import { buildBank } from './build-bank.ts'
import { notFitted, untraceableBackbone } from './errors.ts'
import { loadBank, saveBank } from './model-files.ts'
import type { PatchCoreParameters } from './parameters.ts'
import { imageScore } from './image-score.ts'
import { tracePatchCore } from './trace/trace-patchcore.ts'

/** Standard deviation of the map's Gaussian, in pixels of the input. */
const SIGMA = 4

/** PatchCore in variant A, that of the authors' repository. */
export async function createPatchCore(parameters: PatchCoreParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tools: Tools = {
    extractor: await context.backbone(parameters.backbone),
    tensors: await openTensorEngine({ threads: context.threads }),
    product: await createMatrixProduct({ threads: context.threads }),
  }
  return new PatchCore(parameters, context, tools)
}

/** What a model computes with. */
export interface Tools {
  readonly extractor: FeatureExtractor
  readonly tensors: TensorEngine
  readonly product: MatrixProduct
}

class PatchCore implements AlgorithmInstance {
  readonly #parameters: PatchCoreParameters
  readonly #context: AlgorithmContext
  readonly #tools: Tools
  #bank: PreparedBank | null = null
  #projection: MapProjection | null = null

  constructor(parameters: PatchCoreParameters, context: AlgorithmContext, tools: Tools) {
    this.#parameters = parameters
    this.#context = context
    this.#tools = tools
  }

  async fit(request: FitRequest): Promise<void> {
    const built = await buildBank({
      request,
      parameters: this.#parameters,
      context: this.#context,
      tools: this.#tools,
      embed: (batch) => this.#embed(batch),
    })
    const earlier = this.#parameters.memory === 'append' ? this.#bank?.matrix : undefined
    this.#bank = prepareBank(earlier === undefined ? built : appendRows(earlier, built))
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    const bank = this.#bank
    if (bank === null) throw notFitted()
    const { measure } = this.#context
    const features = await measure('forward', () => this.#embed(batch))
    const patches = features.height * features.width
    const queries: Matrix = { rows: batch.count * patches, columns: features.dimension, data: features.data }
    const { product } = this.#tools
    const nearest = await measure('score', () => nearestNeighbors({ queries, bank, count: 1, product }))
    const scores = new Float32Array(batch.count)
    for (let image = 0; image < batch.count; image++)
      scores[image] = await imageScore({ image, patches, queries, nearest, bank, parameters: this.#parameters, product })
    const maps = await measure('map', () => this.#project(nearest.squaredDistances, batch, features))
    return { scores, maps: { height: batch.height, width: batch.width, data: maps } }
  }

  save(directory: string): Promise<void> {
    if (this.#bank === null) return Promise.reject(notFitted())
    return saveBank(directory, this.#bank.matrix)
  }

  async load(directory: string): Promise<void> {
    this.#bank = prepareBank(await loadBank(directory))
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    const parameters = this.#parameters
    if (this.#bank === null) throw notFitted()
    const features = await this.#tools.extractor.trace?.(graph, frames, parameters.levels)
    if (features === undefined) throw untraceableBackbone(parameters.backbone)
    return tracePatchCore(graph, { frames, features, bank: this.#bank, parameters, sigma: SIGMA })
  }

  async dispose(): Promise<void> {
    this.#projection?.dispose()
    await this.#tools.product.dispose()
  }

  async #embed(batch: ImageBatch): Promise<PatchFeatures> {
    const { extractor, tensors } = this.#tools
    const levels = await extractor.extract(batch, this.#parameters.levels)
    return embedPatches(tensors, levels, batch.count, this.#parameters.targetDimension)
  }

  #project(patchScores: Float32Array, batch: ImageBatch, grid: PatchFeatures): Promise<Float32Array> {
    this.#projection ??= createMapProjection(this.#tools.tensors, { grid, output: batch, sigma: SIGMA })
    return this.#projection.project(patchScores, batch.count)
  }
}

function appendRows(first: Matrix, second: Matrix): Matrix {
  const data = new Float32Array(first.data.length + second.data.length)
  data.set(first.data)
  data.set(second.data, first.data.length)
  return { rows: first.rows + second.rows, columns: first.columns, data }
}
