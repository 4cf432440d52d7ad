import { join } from 'node:path'
import type {
  AlgorithmContext,
  AlgorithmInstance,
  FitRequest,
  GraphWriter,
  ImageBatch,
  Prediction,
  TracedFrames,
  TracedPrediction,
} from '@im-iad/core'
import {
  createOptimizer,
  loadNetworks,
  notFitted,
  nothingToTrainOn,
  openTensorEngine,
  optimizerMemory,
  saveNetworks,
  type Optimizer,
  type StoredNetwork,
  type TensorEngine,
} from '@im-iad/nn'
import { createNetworks, networkVariables, type DraemNetworks } from './networks.ts'
import type { DraemParameters } from './parameters.ts'
import { predictMaps } from './predict-maps.ts'
import { openTextureFolder, type TextureFolder } from './synthesis/texture-folder.ts'
import { traceDraem } from './trace/trace-draem.ts'
import { trainDraem } from './train-draem.ts'

const FILE = 'draem.safetensors'

export async function createDraem(parameters: DraemParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  return new Draem({ parameters, context, tf, networks: createNetworks(tf, parameters, context.random.stream('init')) })
}

interface Parts {
  readonly parameters: DraemParameters
  readonly context: AlgorithmContext
  readonly tf: TensorEngine
  readonly networks: DraemNetworks
}

class Draem implements AlgorithmInstance {
  readonly #parts: Parts
  readonly #optimizer: Optimizer
  #textures: TextureFolder | null = null
  #isFitted = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { learningRate } = parts.parameters
    this.#optimizer = createOptimizer(parts.tf, [{ variables: networkVariables(parts.networks), settings: { kind: 'adam', learningRate } }])
  }

  /** A further task goes on with both networks, their running statistics and the optimiser's moments (open-iad), and a schedule that starts anew: it forgets. */
  async fit(request: FitRequest): Promise<void> {
    if (request.samples.length === 0) throw nothingToTrainOn('DRAEM', request.task)
    const { context, parameters, tf, networks } = this.#parts
    await this.#openTextures(request.signal)
    const textures = this.#textures
    await trainDraem(request, { tf, parameters, random: context.random, networks, optimizer: this.#optimizer, textures })
    this.#isFitted = true
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    this.#requireFitted()
    return predictMaps(batch, this.#parts)
  }

  async save(directory: string): Promise<void> {
    this.#requireFitted()
    await saveNetworks(join(directory, FILE), this.#stored())
  }

  async load(directory: string): Promise<void> {
    await loadNetworks('DRAEM', join(directory, FILE), this.#stored())
    this.#isFitted = true
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    this.#requireFitted()
    const { restorer, segmenter } = this.#stored()
    return traceDraem(graph, {
      frames,
      parameters: this.#parts.parameters,
      restorer: await restorer.read(),
      segmenter: await segmenter.read(),
    })
  }

  dispose(): Promise<void> {
    this.#optimizer.dispose()
    this.#parts.networks.restorer.dispose()
    this.#parts.networks.segmenter.dispose()
    return Promise.resolve()
  }

  async #openTextures(signal: AbortSignal): Promise<void> {
    const { textureDirectory, log } = this.#parts.context
    if (textureDirectory === null || this.#textures !== null) {
      if (textureDirectory === null) log('textures: made by formula; no folder was named')
      return
    }
    this.#textures = await openTextureFolder(textureDirectory, signal)
    log(`textures: ${this.#textures.count} pictures, SHA-256 ${this.#textures.fingerprint}`)
  }

  /** The optimiser's moments too: a further task goes on with them. */
  #stored(): Readonly<Record<'restorer' | 'segmenter' | 'optimizer', StoredNetwork>> {
    const { tf, networks } = this.#parts
    return {
      restorer: networks.restorer.parameters,
      segmenter: networks.segmenter.parameters,
      optimizer: optimizerMemory(tf, this.#optimizer),
    }
  }

  #requireFitted(): void {
    if (!this.#isFitted) throw notFitted('DRAEM')
  }
}
