import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import {
  resolveParameters,
  type AlgorithmInstance,
  type AlgorithmPlugin,
  type Budget,
  type DiscoveredPlugin,
  type FitRequest,
  type ImageBatch,
  type Prediction,
} from '@im-iad/core'
import { algorithmContext, type ContextSetup } from '../fixtures/algorithm-context.ts'
import { auxiliaryInput, inputSize, testInput, trainingInput } from '../fixtures/algorithm-input.ts'
import { backboneModule, openBackbone, openTrainable } from '../fixtures/open-backbone.ts'
import { batchFrom, type PictureSize } from '../fixtures/pictures.ts'
import { trainingSamples } from '../fixtures/training-samples.ts'
import type { ConformanceOptions } from '../options.ts'
import type { AlgorithmJob } from '../process/process-job.ts'
import { openPluginSubject, type PluginSubject } from './plugin-subject.ts'

type Given = Readonly<Record<string, unknown>>

/** An algorithm under test: models are made with budget `smoke` and the author's parameters over it. */
export interface AlgorithmSubject extends PluginSubject<AlgorithmPlugin> {
  /** Resolved; `change` is laid over them. @throws ImIadError when the schema refuses them */
  readonly parameters: (change?: Given, budget?: Budget) => Given
  /** An unfitted model; disposed of after the check that asked for it. */
  readonly create: (setup?: ModelSetup) => Promise<Model>
  /** A model fitted on {@link trainingInput}; made once, for checks that only predict. */
  readonly fitted: () => Promise<Model>
  /** What that model predicts for the whole test input, in one batch. */
  readonly prediction: () => Promise<Prediction>
}

export interface ModelSetup extends Partial<Omit<ContextSetup, 'workDirectory'>> {
  readonly parameters?: Given
}

/** A model with what is fed to it. */
export interface Model {
  readonly instance: AlgorithmInstance
  readonly size: PictureSize
  /** A request to fit on {@link trainingInput}. */
  readonly request: (change?: Partial<FitRequest>) => FitRequest
  /** The test input as one batch, or those of its pictures that are asked for. */
  readonly batch: (indices?: readonly number[]) => ImageBatch
}

export function openAlgorithmSubject(plugin: AlgorithmPlugin, location: DiscoveredPlugin, options: ConformanceOptions): AlgorithmSubject {
  const module = backboneModule(options)
  const created = new Set<AlgorithmInstance>()
  const shared: AlgorithmInstance[] = []
  let fittedOnce: Promise<Model> | null = null
  let predictedOnce: Promise<Prediction> | null = null
  const parameters = (change: Given = {}, budget: Budget = 'smoke'): Given =>
    resolveParameters(plugin, { ...plugin.budgets[budget] }, options.parameters ?? {}, change)
  const create = async ({ parameters: given = parameters(), ...setup }: ModelSetup = {}): Promise<Model> => {
    const size = inputSize(plugin.input(given))
    const open = (reference: string): ReturnType<typeof openBackbone> => openBackbone(module, reference)
    const context = algorithmContext({
      openBackbone: open,
      openTrainable: (reference, request) => openTrainable(module, reference, request),
      workDirectory: await base.scratch(),
      ...setup,
    })
    const instance = await plugin.create(given, context)
    created.add(instance)
    return modelOf(plugin, instance, size)
  }
  const fit = async (): Promise<Model> => {
    const model = await create()
    // It outlives the check that is the first to ask for it.
    created.delete(model.instance)
    shared.push(model.instance)
    await model.instance.fit(model.request())
    return model
  }
  const fitted = (): Promise<Model> => (fittedOnce ??= fit())
  const predict = async (): Promise<Prediction> => {
    const { instance, batch } = await fitted()
    return structuredClone(await instance.predict(batch()))
  }
  const algorithmJob = async (scratch: string): Promise<AlgorithmJob | null> => {
    const modelDirectory = join(scratch, 'saved by another process')
    const saving = async (): Promise<string> => {
      const { instance } = await fitted()
      await mkdir(modelDirectory)
      await instance.save(modelDirectory)
      return modelDirectory
    }
    try {
      return { parameters: parameters(), backboneModule: module, scratch, modelDirectory: await saving().catch(() => null) }
    } catch {
      return null
    }
  }
  const release = async (): Promise<void> => {
    const unused = [...created]
    created.clear()
    await Promise.allSettled(unused.map((instance) => instance.dispose()))
  }
  const base = openPluginSubject(plugin, location, options, algorithmJob)
  return {
    ...base,
    parameters,
    create,
    fitted,
    prediction: () => (predictedOnce ??= predict()),
    release,
    async dispose() {
      await release()
      await Promise.allSettled(shared.map((instance) => instance.dispose()))
      await base.dispose()
    },
  }
}

function modelOf(plugin: AlgorithmPlugin, instance: AlgorithmInstance, size: PictureSize): Model {
  return {
    instance,
    size,
    request: (change = {}) => ({
      task: 'part',
      samples: trainingSamples(trainingInput(plugin, size), size),
      auxiliary: trainingSamples(auxiliaryInput(plugin, size), size),
      checkpoint: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...change,
    }),
    batch(indices) {
      const pictures = testInput(size)
      return batchFrom(indices === undefined ? pictures : indices.flatMap((index) => pictures.slice(index, index + 1)), size)
    },
  }
}
