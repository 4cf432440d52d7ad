import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scalar } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  createOptimizer,
  createParameters,
  createTrainedModel,
  featureBatch,
  openFeatureFile,
  openTensorEngine,
  trainTask,
  type PictureFeatures,
  type TaskRequest,
} from '../src/index.ts'

interface ToyRequest extends TaskRequest {
  /** What the toy learns to give. */
  readonly samples: readonly number[]
}

interface Toy {
  readonly fit: (request: ToyRequest) => Promise<void>
  readonly predict: (factor: number) => Promise<number>
  readonly save: (directory: string) => Promise<void>
  readonly load: (directory: string) => Promise<void>
  readonly dispose: () => Promise<void>
}

/** Learns one number, with momentum. */
async function createToy(learningRate: number = 0.1, size: number = 1): Promise<Toy> {
  const tf = await openTensorEngine({ engine: 'cpu' })
  const number = createParameters(
    tf,
    [{ name: 'number', kind: 'bias', shape: [size] }],
    new Map([['number', { shape: [size], data: new Float32Array(size) }]]),
    'trainable',
  )
  const optimizer = createOptimizer(tf, [{ variables: number.trained, settings: { kind: 'sgd', learningRate, momentum: 0.9 } }])
  const { fitBy, whenFitted, ...life } = createTrainedModel({ method: 'TOY', file: 'toy.safetensors', tf, networks: { number }, optimizer })
  return {
    ...life,
    fit: fitBy(async (request) => {
      await trainTask(request, {
        tf,
        optimizer,
        epochs: 2,
        sampleCount: request.samples.length,
        batchSize: 1,
        lastBatch: 'keep',
        shuffle: null,
        load: ({ indices }) =>
          Promise.resolve({ wanted: { shape: [1], data: Float32Array.from(indices, (index) => request.samples[index]) } }),
        loss: ({ wanted }) => tf.sum<Scalar>(tf.square(tf.sub(number.get('number'), wanted))),
        settings: { learningRate },
        seed: 3,
        progressFrom: 0.5,
      })
    }),
    predict: whenFitted(async (factor) => factor * (await number.read())['number'].data[0]),
  }
}

function requestOf(samples: readonly number[], change: Partial<TaskRequest> = {}): ToyRequest {
  const checkpoint = { load: () => Promise.resolve(null), save: () => Promise.resolve() }
  return { task: 'part', samples, checkpoint, onProgress: () => undefined, signal: new AbortController().signal, ...change }
}

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'im-iad-trained-'))

describe('a trained model', () => {
  it('predicts and saves only once it has been fitted', async () => {
    const toy = await createToy()
    const folder = await temporaryFolder()
    await expect(toy.predict(1)).rejects.toThrow(/TOY has not been trained yet[^]*IM_IAD_E_NOT_FITTED/)
    await expect(toy.save(folder)).rejects.toThrow('TOY has not been trained yet')
    await expect(toy.fit(requestOf([]))).rejects.toThrow(/TOY has nothing to train on in task "part"[^]*IM_IAD_E_NO_TRAINING/)
    await expect(toy.fit(requestOf([1], { signal: AbortSignal.abort(new Error('stopped')) }))).rejects.toThrow('stopped')
    await expect(toy.predict(1)).rejects.toThrow('TOY has not been trained yet')
    await toy.fit(requestOf([1, 1]))
    expect(await toy.predict(2)).toBe(2 * (await toy.predict(1)))
    await toy.save(folder)
    expect((await stat(join(folder, 'toy.safetensors'))).isFile()).toBe(true)
  })

  it('that was loaded learns the next task as the saved one does, from the same momentum', async () => {
    const [saved, loaded] = [await createToy(), await createToy()]
    const folder = await temporaryFolder()
    await saved.fit(requestOf([1, 2, 3]))
    await saved.save(folder)
    await loaded.load(folder)
    expect(await loaded.predict(1)).toBe(await saved.predict(1))
    for (const toy of [saved, loaded]) await toy.fit(requestOf([5, 5], { task: 'next' }))
    expect(await loaded.predict(1)).toBe(await saved.predict(1))
    const fresh = await createToy()
    await fresh.fit(requestOf([5, 5]))
    expect(await fresh.predict(1)).not.toBe(await saved.predict(1))
  })

  it('of another shape is refused', async () => {
    const folder = await temporaryFolder()
    const toy = await createToy()
    await toy.fit(requestOf([1]))
    await toy.save(folder)
    const wider = await createToy(0.1, 2)
    await expect(wider.load(folder)).rejects.toThrow(/no TOY model that fits[^]*of the number/)
    await expect(wider.predict(1)).rejects.toThrow('TOY has not been trained yet')
  })

  it('leaves no tensor behind', async () => {
    const tf = await openTensorEngine({ engine: 'cpu' })
    const before = tf.memory().numTensors
    const toy = await createToy()
    await toy.fit(requestOf([1, 2]))
    await toy.predict(1)
    expect(tf.memory().numTensors).toBeGreaterThan(before)
    await toy.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('training on a task', () => {
  it('tells every step from where its share begins, and the end', async () => {
    const told: Parameters<TaskRequest['onProgress']>[0][] = []
    await (await createToy()).fit(requestOf([1, 2], { onProgress: (progress) => told.push(progress) }))
    expect(told.map(({ fraction }) => fraction)).toEqual([0.625, 0.75, 0.875, 1, 1])
    expect(told.map(({ stage }) => stage)).toEqual(['epoch 1 of 2', 'epoch 1 of 2', 'epoch 2 of 2', 'epoch 2 of 2', 'trained'])
    expect(told.at(-1)?.loss).toBeCloseTo(((told[2].loss ?? Number.NaN) + (told[3].loss ?? Number.NaN)) / 2)
  })

  it('refuses the checkpoint of another task or other parameters', async () => {
    let kept: Uint8Array | null = null
    const checkpoint = {
      load: () => Promise.resolve(kept),
      save: (bytes: Uint8Array) => {
        kept = bytes
        return Promise.resolve()
      },
    }
    const toy = await createToy()
    await toy.fit(requestOf([1, 2], { checkpoint }))
    await expect((await createToy()).fit(requestOf([1, 2], { checkpoint, task: 'other' }))).rejects.toThrow(
      'task is "part" in the checkpoint, "other" here',
    )
    await expect((await createToy(0.2)).fit(requestOf([1, 2], { checkpoint }))).rejects.toThrow(
      'learningRate is 0.1 in the checkpoint, 0.2 here',
    )
    const resumed = await createToy()
    await resumed.fit(requestOf([1, 2], { checkpoint }))
    expect(await resumed.predict(1)).toBe(await toy.predict(1))
  })
})

describe('a file of features', () => {
  const features = (index: number): readonly PictureFeatures[] => [
    { height: 1, width: 2, channels: 2, data: Float32Array.of(index, 1, 2, 3) },
    { height: 1, width: 1, channels: 1, data: Float32Array.of(-index) },
  ]

  it('extracts every picture once, one after another, in whatever order they are asked for', async () => {
    const events: string[] = []
    const file = await openFeatureFile(join(await temporaryFolder(), 'features'), async (index) => {
      events.push(`begin ${index}`)
      await Promise.resolve()
      events.push(`end ${index}`)
      return features(index)
    })
    const given = await Promise.all([2, 0, 2, 1].map((index) => file.at(index)))
    expect(given).toEqual([2, 0, 2, 1].map(features))
    expect(await file.at(0)).toEqual(features(0))
    expect(events).toEqual([2, 0, 1].flatMap((index) => [`begin ${index}`, `end ${index}`]))
    expect(await featureBatch(file, [1, 2], (level) => `level ${level}`)).toEqual({
      'level 0': { shape: [2, 1, 2, 2], data: Float32Array.of(1, 1, 2, 3, 2, 1, 2, 3) },
      'level 1': { shape: [2, 1, 1, 1], data: Float32Array.of(-1, -2) },
    })
    await file.close()
  })

  it('rejects where a picture can not be had, and gives the others', async () => {
    const file = await openFeatureFile(join(await temporaryFolder(), 'features'), (index) =>
      index === 1 ? Promise.reject(new Error('unreadable')) : Promise.resolve(features(index)),
    )
    const [first, second, third] = await Promise.allSettled([0, 1, 2].map((index) => file.at(index)))
    expect([first.status, second.status, third.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await file.close()
  })
})
