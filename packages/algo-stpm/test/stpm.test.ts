import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlgorithmInstance, FitProgress, Prediction } from '@im-iad/core'
import { GraphBuilder, openSession } from '@im-iad/onnx'
import { openTensorEngine, RESNET18, type ResidualArchitecture } from '@im-iad/nn'
import { batchOf, blockBackbone, fitRequest, modelFolder, picture } from '@im-iad/testkit'
import { describe, expect, it } from 'vitest'
import stpm from '../src/index.ts'
import { createModel, type ModelChange } from './support/models.ts'
import { residualBackbone } from './support/residual-backbone.ts'

const NORMAL = [0, 1, 2, 3, 4].map(picture)
const NEW = batchOf(picture(9), picture(20), picture(33))

const NARROW: ResidualArchitecture = { ...RESNET18, id: 'narrow', blocks: [1, 1, 1, 1], width: 8 }

/** A teacher that students can be copies of. */
async function copiable(): Promise<ModelChange> {
  const { extractor, trainableBackbone } = residualBackbone(await openTensorEngine(), NARROW)
  return { backbone: extractor, context: { trainableBackbone } }
}

async function fitted(...given: Parameters<typeof createModel>): Promise<AlgorithmInstance> {
  const model = await createModel(...given)
  await model.fit(fitRequest(NORMAL))
  return model
}

async function scoresOf(model: AlgorithmInstance, batch = NEW): Promise<readonly number[]> {
  return [...(await model.predict(batch)).scores]
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('STPM', () => {
  it('scores a picture by the largest value of its map, in the size of the picture', async () => {
    const { scores, maps } = await (await fitted()).predict(NEW)
    expect([maps?.height, maps?.width]).toEqual([32, 32])
    const plane = 32 * 32
    for (const [image, score] of scores.entries())
      expect(score).toBe(Math.max(...(maps?.data.subarray(image * plane, (image + 1) * plane) ?? [])))
  })

  it.each([
    ['a student of our own', () => Promise.resolve({})],
    ["a student of the teacher's architecture", copiable],
  ])('learns: after training %s agrees with the teacher better than before', async (_name, change) => {
    const setup = await change()
    const training = batchOf(...NORMAL)
    const before = await scoresOf(await fitted({ epochs: 0 }, setup), training)
    const losses: number[] = []
    const model = await createModel({ epochs: 20 }, setup)
    await model.fit(fitRequest(NORMAL, { onProgress: ({ loss }) => losses.push(loss ?? Number.NaN) }))
    expect(mean(await scoresOf(model, training))).toBeLessThan(0.5 * mean(before))
    expect(mean(losses.slice(-6))).toBeLessThan(0.5 * mean(losses.slice(0, 3)))
  })

  it('finds nothing with an untrained copy of the teacher: the maps are 0', async () => {
    const model = await fitted({ studentInit: 'teacher', epochs: 0 }, await copiable())
    // The frozen network has its batch norm folded into the convolutions, which rounds otherwise.
    expect(Math.max(...(await scoresOf(model)))).toBeLessThan(1e-15)
  })

  it('needs a teacher that can be copied for a copy, and says what to do', async () => {
    await expect(createModel({ studentInit: 'teacher' })).rejects.toThrow(/IM_IAD_E_STUDENT[^]*--set stpm.studentInit=random/)
  })

  it('gives the same bytes for the same seed, others for another', async () => {
    const [first, again, other] = [await fitted(), await fitted(), await fitted({}, { seed: 1 })]
    expect(await scoresOf(again)).toEqual(await scoresOf(first))
    expect(await scoresOf(other)).not.toEqual(await scoresOf(first))
  })

  it('forgets the task before', async () => {
    const model = await fitted({ epochs: 20 }, await copiable())
    const before = mean(await scoresOf(model, batchOf(...NORMAL)))
    // Stripes of one colour: nothing that the first task has.
    const other = [1, 2, 3].map((width) =>
      Uint8Array.from({ length: 32 * 32 * 3 }, (_, value) => (value % 3 === 0 && Math.floor(value / 96 / width) % 2 === 0 ? 255 : 0)),
    )
    await model.fit(fitRequest(other, { task: 'other' }))
    expect(mean(await scoresOf(model, batchOf(...NORMAL)))).toBeGreaterThan(2 * before)
  })

  it('saves what it needs to predict, and to learn the next task, as if it had never been away', async () => {
    const [stayed, folder] = [await fitted(), await modelFolder()]
    await stayed.save(folder)
    const loaded = await createModel({}, { seed: 7 })
    await loaded.load(folder)
    expect(await scoresOf(loaded)).toEqual(await scoresOf(stayed))
    const next = [30, 31, 32, 33].map(picture)
    const again = await createModel()
    await again.load(folder)
    for (const model of [stayed, again]) await model.fit(fitRequest(next, { task: 'next' }))
    expect(await scoresOf(again)).toEqual(await scoresOf(stayed))
  })

  it('refuses a model of another width', async () => {
    const folder = await modelFolder()
    await (await fitted()).save(folder)
    await expect((await createModel({ studentWidth: 16 })).load(folder)).rejects.toThrow(
      /no STPM model that fits[^]*another shape[^]*\[8, 3, 7, 7\]/,
    )
  })

  it.each([
    ['one training picture', [picture(0)], {}],
    ['batches of one', NORMAL, { batchSize: 1 }],
    ['a last batch of one', NORMAL, { batchSize: 4 }],
    ['constant pictures', [0, 127, 255].map((grey) => new Uint8Array(32 * 32 * 3).fill(grey)), {}],
  ])('trains on %s', async (_name, pictures, change) => {
    const model = await createModel(change)
    await model.fit(fitRequest(pictures))
    const { scores, maps } = await model.predict(batchOf(picture(9), new Uint8Array(32 * 32 * 3)))
    for (const value of [...scores, ...(maps?.data ?? [Number.NaN])]) expect(value).toBeGreaterThanOrEqual(0)
  })

  it('tells its progress with the loss, never falling, to the end', async () => {
    const told: FitProgress[] = []
    const model = await createModel()
    await model.fit(fitRequest(NORMAL, { onProgress: (progress) => told.push(progress) }))
    expect(told.map(({ fraction }) => fraction)).toEqual(told.map(({ fraction }) => fraction).toSorted((a, b) => a - b))
    expect(told.at(-1)).toMatchObject({ fraction: 1, stage: 'trained' })
    expect(told[3]).toMatchObject({ stage: 'epoch 2 of 3' })
    for (const { loss } of told) expect(loss).toBeGreaterThan(0)
  })

  it('does fewer epochs where a limit of steps asks for it', async () => {
    const stages = new Set<string>()
    const model = await createModel({ epochs: 100, stepLimit: 7 })
    await model.fit(fitRequest(NORMAL, { onProgress: ({ stage }) => stages.add(stage) }))
    expect([...stages]).toEqual(['epoch 1 of 2', 'epoch 2 of 2', 'trained'])
  })

  it('stops within a step when it is cancelled', async () => {
    const controller = new AbortController()
    let steps = 0
    const onProgress = (): void => void (++steps === 2 && controller.abort(new Error('enough')))
    const model = await createModel({ epochs: 1000 })
    await expect(model.fit(fitRequest(NORMAL, { onProgress, signal: controller.signal }))).rejects.toThrow('enough')
    expect(steps).toBe(2)
  })

  it.each([
    ['learningRate is 0.1 in the checkpoint, 0.2 here', { learningRate: 0.2 }, 'part'],
    ['epochs is 3 in the checkpoint, 4 here', { epochs: 4 }, 'part'],
    ['task is "part" in the checkpoint, "other" here', {}, 'other'],
  ])('refuses to go on from the checkpoint of another training: %s', async (problem, change, task) => {
    let bytes: Uint8Array | null = null
    const checkpoint = { load: () => Promise.resolve(bytes), save: (saved: Uint8Array) => Promise.resolve(void (bytes = saved)) }
    await (await createModel()).fit(fitRequest(NORMAL, { checkpoint }))
    await expect((await createModel(change)).fit(fitRequest(NORMAL, { checkpoint, task }))).rejects.toThrow(problem)
  })

  it('says what is wrong', async () => {
    const model = await createModel()
    await expect(model.predict(NEW)).rejects.toThrow('STPM has not been trained yet')
    await expect(model.save(await mkdtemp(join(tmpdir(), 'im-iad-stpm-')))).rejects.toThrow('STPM has not been trained yet')
    await expect(model.fit(fitRequest([]))).rejects.toThrow('nothing to train on in task "part"')
    await expect(createModel({ levels: [4, 64] })).rejects.toThrow(/the backbone has no level of stride 64[^]*strides 4, 8, 16/)
    await expect(createModel({ levels: [2, 4] }, { backbone: blockBackbone([2, 4], 3) })).rejects.toThrow(
      /student has no level of stride 2[^]*4, 8, 16, 32/,
    )
  })

  it('estimates more seconds for more steps and pictures', () => {
    const result = stpm.parameters['~standard'].validate({})
    if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid defaults')
    const seconds = (train: number, change = {}): number => stpm.estimateSeconds?.({ ...result.value, ...change }, { train, test: 10 }) ?? 0
    expect(seconds(200)).toBeGreaterThan(1.9 * seconds(100))
    expect(seconds(1000, { stepLimit: 10 })).toBeLessThan(seconds(1000) / 10)
  })
})

async function traced(model: AlgorithmInstance): Promise<Prediction> {
  const graph = new GraphBuilder('traced')
  const value = graph.input('frames', ['n', 32, 32, 3])
  const prediction = await model.trace?.(graph, { value, height: 32, width: 32 })
  if (prediction?.maps === undefined) throw new Error('no maps were traced')
  graph.output('scores', prediction.scores, ['n'])
  graph.output('maps', prediction.maps.value, ['n', 'h', 'w'])
  const session = await openSession(graph.build(), { threads: 1 })
  const results = await session.run({ frames: { shape: [NEW.count, 32, 32, 3], data: Float32Array.from(NEW.pixels) } })
  await session.dispose()
  const data = results.get('maps')?.data ?? new Float32Array(0)
  return { scores: results.get('scores')?.data ?? new Float32Array(0), maps: { height: 32, width: 32, data } }
}

describe("STPM's graph", () => {
  it('gives what predict gives', async () => {
    const setup = await copiable()
    const { default: embedded } = await import('@im-iad/backbone-embedded')
    const models = [await fitted({}, { backbone: await embedded.open({ weightsFile: null, threads: 1 }) }), await fitted({}, setup)]
    for (const model of models) {
      const [expected, found] = [await model.predict(NEW), await traced(model)]
      for (const [index, score] of expected.scores.entries()) expect(Math.abs(found.scores[index] / score - 1)).toBeLessThan(1e-4)
      const largest = Math.max(...expected.scores)
      for (const [pixel, value] of (expected.maps?.data ?? []).entries())
        expect(Math.abs((found.maps?.data[pixel] ?? Number.NaN) - value)).toBeLessThan(1e-4 * largest)
    }
  })

  it('can not be written with a teacher that can not', async () => {
    await expect(traced(await fitted())).rejects.toThrow(/this STPM model can't be exported[^]*the backbone "resnet18"/)
  })
})
