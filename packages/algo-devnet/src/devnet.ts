import { join } from 'node:path'
import type {
  AlgorithmContext,
  AlgorithmInstance,
  FitRequest,
  GraphWriter,
  ImageBatch,
  ParameterValue,
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
  type StoredNetworks,
} from '@im-iad/nn'
import { openBody } from './body.ts'
import { createFeatureStatistics } from './feature-statistics.ts'
import { extractScales, storeFeatures, type StoredFeatures } from './frozen-features.ts'
import { createHead, FEATURE_DEVIATION, FEATURE_MEAN } from './head.ts'
import type { DevNetModel } from './model.ts'
import type { DevNetParameters } from './parameters.ts'
import { predictPictures } from './predict-pictures.ts'
import { trainDevNet } from './train-devnet.ts'
import { readLabels } from './training-labels.ts'
import { traceDevNet } from './trace/trace-devnet.ts'

const FILE = 'devnet.safetensors'

/** The share of the progress that extracting the frozen backbone's features is. */
const EXTRACTION_SHARE = 0.3

export async function createDevNet(parameters: DevNetParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  const body = await openBody(parameters, context)
  const head = createHead(tf, {
    channels: body.level.channels,
    hiddenChannels: parameters.hiddenChannels,
    standardized: body.kind === 'frozen',
    random: context.random.stream('head'),
  })
  return new DevNet({ tf, parameters, body, head }, context)
}

class DevNet implements AlgorithmInstance {
  readonly #model: DevNetModel
  readonly #context: AlgorithmContext
  readonly #optimizer: Optimizer
  #isFitted = false
  #isStandardized = false

  constructor(model: DevNetModel, context: AlgorithmContext) {
    this.#model = model
    this.#context = context
    const { trained, learningRate, weightDecay } = model.parameters
    const variables = new Map([
      ...(model.body.kind === 'trained'
        ? [...model.body.network.variables].map(([name, value]) => [`backbone.${name}`, value] as const)
        : []),
      ...(trained === 'backbone' ? [] : [...model.head.variables].map(([name, value]) => [`head.${name}`, value] as const)),
    ])
    this.#optimizer = createOptimizer(model.tf, [{ variables, settings: { kind: 'adam', learningRate, weightDecay } }])
  }

  /** A further task goes on with the weights and the optimiser's state of the one before (open-iad): it forgets. A frozen backbone's features stay standardised as in the first. */
  async fit(request: FitRequest): Promise<void> {
    const { task, samples, signal } = request
    if (samples.length === 0) throw nothingToTrainOn('DevNet', task)
    signal.throwIfAborted()
    const { random } = this.#context
    const model = this.#model
    const labels = await readLabels(request, model.parameters.permuteLabels ? random.stream(`permuted labels of ${task}`) : null)
    const training = { model, optimizer: this.#optimizer, labels, random }
    if (model.body.kind === 'trained') {
      await trainDevNet(request, { ...training, input: { kind: 'pictures', network: model.body.network }, progressFrom: 0 })
    } else {
      const features = await this.#storeFeatures(request, labels)
      try {
        await trainDevNet(request, { ...training, input: { kind: 'features', features }, progressFrom: EXTRACTION_SHARE })
      } finally {
        await features.close()
      }
    }
    this.#isFitted = true
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    this.#requireFitted()
    return predictPictures(batch, this.#model, this.#context)
  }

  async save(directory: string): Promise<void> {
    this.#requireFitted()
    await saveNetworks(join(directory, FILE), this.#stored())
  }

  async load(directory: string): Promise<void> {
    await loadNetworks('DevNet', join(directory, FILE), this.#stored())
    this.#isFitted = true
    this.#isStandardized = true
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    this.#requireFitted()
    return traceDevNet(graph, frames, this.#model)
  }

  dispose(): Promise<void> {
    const { body, head } = this.#model
    this.#optimizer.dispose()
    head.dispose()
    body.network?.dispose()
    return Promise.resolve()
  }

  /** Extracts all features, and standardises the head's input by those of normal pictures. */
  async #storeFeatures({ samples, signal, onProgress }: FitRequest, labels: readonly (0 | 1)[]): Promise<StoredFeatures> {
    const { body, parameters, head } = this.#model
    if (body.kind !== 'frozen') throw new RangeError('only a frozen backbone has features to store')
    const statistics = createFeatureStatistics(body.level.channels)
    const file = join(this.#context.workDirectory, 'devnet.features')
    const features = await storeFeatures(
      samples,
      (batch) => extractScales(body.extractor, batch, parameters.level, parameters.scales),
      file,
      (index, scales) => {
        signal.throwIfAborted()
        if (labels[index] === 0) statistics.add(scales)
        onProgress({ fraction: (EXTRACTION_SHARE * (index + 1)) / samples.length, stage: 'extracting features' })
      },
    )
    if (this.#isStandardized) return features
    const { mean, deviation } = statistics.result()
    const shape = [body.level.channels]
    const changed: Record<string, ParameterValue> = {
      [FEATURE_MEAN]: { shape, data: mean },
      [FEATURE_DEVIATION]: { shape, data: deviation },
    }
    head.write(new Map(Object.entries({ ...(await head.read()), ...changed })))
    this.#isStandardized = true
    return features
  }

  #stored(): StoredNetworks {
    const { tf, body, head } = this.#model
    const optimizer = optimizerMemory(tf, this.#optimizer)
    return body.kind === 'trained' ? { backbone: body.network, head, optimizer } : { head, optimizer }
  }

  #requireFitted(): void {
    if (!this.#isFitted) throw notFitted('DevNet')
  }
}
