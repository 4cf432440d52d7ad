import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPlugin, type AlgorithmContext, type AlgorithmInstance, type AlgorithmPlugin, type DiscoveredPlugin } from '@im-iad/core'
import { describeThrown } from '../check.ts'
import { algorithmContext } from '../fixtures/algorithm-context.ts'
import { auxiliaryInput, inputSize, testInput, trainingInput } from '../fixtures/algorithm-input.ts'
import { openBackbone, openTrainable } from '../fixtures/open-backbone.ts'
import { batchFrom, type PictureSize } from '../fixtures/pictures.ts'
import { trainingSamples } from '../fixtures/training-samples.ts'
import type { AlgorithmJob, Reloaded } from './process-job.ts'

interface CreatedModel {
  readonly plugin: AlgorithmPlugin
  readonly instance: AlgorithmInstance
  readonly size: PictureSize
}

/** Predicts with a model that another process saved. */
export async function loadAndPredict(location: DiscoveredPlugin, job: AlgorithmJob, modelDirectory: string): Promise<Reloaded> {
  try {
    const { instance, size } = await create(location, job, 'load')
    await instance.load(modelDirectory)
    const { scores, maps } = await instance.predict(batchFrom(testInput(size), size))
    await instance.dispose()
    return { kind: 'prediction', prediction: maps === undefined ? { scores } : { scores, maps } }
  } catch (error) {
    return { kind: 'error', message: describeThrown(error) }
  }
}

/** All that an experiment does with an algorithm. */
export async function fitAndPrint(location: DiscoveredPlugin, job: AlgorithmJob): Promise<void> {
  const { plugin, instance, size } = await create(location, job, 'fit')
  await instance.fit({
    task: 'part',
    samples: trainingSamples(trainingInput(plugin, size), size),
    auxiliary: trainingSamples(auxiliaryInput(plugin, size), size),
    checkpoint: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
  await instance.predict(batchFrom(testInput(size), size))
  const directory = join(job.scratch, 'model')
  await mkdir(directory)
  await instance.save(directory)
  await instance.dispose()
}

async function create(location: DiscoveredPlugin, job: AlgorithmJob, name: string): Promise<CreatedModel> {
  const plugin = await loadPlugin({ ...location, kind: 'algorithm' })
  const workDirectory = join(job.scratch, name)
  await mkdir(workDirectory)
  const open = (reference: string): ReturnType<typeof openBackbone> => openBackbone(job.backboneModule, reference)
  const train: AlgorithmContext['trainableBackbone'] = (reference, request) => openTrainable(job.backboneModule, reference, request)
  const context = algorithmContext({ workDirectory, openBackbone: open, openTrainable: train })
  const instance = await plugin.create(job.parameters, context)
  return { plugin, instance, size: inputSize(plugin.input(job.parameters)) }
}
