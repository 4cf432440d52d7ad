import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { AlgorithmContext, AlgorithmInstance, FitProgress } from '@im-iad/core'
import { encodePng } from '@im-iad/images'
import { batchOf, blockBackbone, contextFor, fitRequest, modelFolder, picture } from '@im-iad/testkit'
import { describe, expect, it } from 'vitest'
import draem from '../src/index.ts'
import type { DraemParameters } from '../src/parameters.ts'

const SMALL = { size: 32, restorerWidth: 2, segmenterWidth: 2, epochs: 2, batchSize: 2, learningRate: 1e-3 }
const NORMAL = [0, 1, 2].map(picture)
const CONSTANT = new Uint8Array(32 * 32 * 3).fill(90)
const CHILD = join(import.meta.dirname, 'fixtures', 'fit-child.mjs')

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'im-iad-draem-'))

async function create(
  change: Partial<DraemParameters> = {},
  context: Partial<AlgorithmContext> = {},
  seed: number = 0,
): Promise<AlgorithmInstance> {
  const result = draem.parameters['~standard'].validate({ ...SMALL, ...change })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return draem.create(result.value, await contextFor(blockBackbone([4], 1), seed, context))
}

async function mapsOf(model: AlgorithmInstance, pixels: Uint8Array = picture(9)): Promise<Float32Array> {
  const { scores, maps } = await model.predict(batchOf(pixels))
  const data = maps?.data ?? new Float32Array(0)
  expect([...scores, ...data].every(Number.isFinite)).toBe(true)
  return data
}

describe('what may be trained on', () => {
  it.each([
    ['one picture', [picture(0)], {}],
    ['one picture, a batch of one', [picture(0)], { batchSize: 1 }],
    ['pictures of one colour', [CONSTANT, CONSTANT, CONSTANT], {}],
    ['fewer pictures than a batch', NORMAL, { batchSize: 8 }],
  ])('%s', async (_, pictures, change) => {
    const model = await create(change)
    await model.fit(fitRequest(pictures))
    expect(await mapsOf(model)).toHaveLength(32 * 32)
    expect(await mapsOf(model, CONSTANT)).toHaveLength(32 * 32)
    await model.dispose()
  })

  it('no picture is an error that says so', async () => {
    await expect((await create()).fit(fitRequest([]))).rejects.toThrow('DRAEM has nothing to train on in task "part"')
  })

  it('with 0 epochs the networks stay as they were drawn', async () => {
    const model = await create({ epochs: 0 })
    await model.fit(fitRequest(NORMAL))
    const other = await create({ epochs: 0 })
    await other.fit(fitRequest([CONSTANT]))
    expect(await mapsOf(model)).toEqual(await mapsOf(other))
    const [seeded, trained] = [await create({ epochs: 0 }, {}, 1), await create()]
    await seeded.fit(fitRequest(NORMAL))
    await trained.fit(fitRequest(NORMAL))
    expect(await mapsOf(seeded)).not.toEqual(await mapsOf(model))
    expect(await mapsOf(trained)).not.toEqual(await mapsOf(model))
  })
})

describe('training', () => {
  it('tells its epochs and a loss that falls', async () => {
    const progress: FitProgress[] = []
    const model = await create({ epochs: 40, learningRate: 5e-3, batchSize: 3 })
    await model.fit(fitRequest(NORMAL, { onProgress: (report) => progress.push(report) }))
    expect(progress).toHaveLength(41)
    expect(progress[0]).toMatchObject({ fraction: 1 / 40, stage: 'epoch 1 of 40' })
    expect(progress.at(-2)).toMatchObject({ fraction: 1, stage: 'epoch 40 of 40' })
    expect(progress.at(-1)).toMatchObject({ fraction: 1, stage: 'trained' })
    const mean = (part: readonly FitProgress[]): number => part.reduce((sum, { loss = Number.NaN }) => sum + loss, 0) / part.length
    expect(mean(progress.slice(-10))).toBeLessThan(0.8 * mean(progress.slice(0, 5)))
  })

  it('keeps to a budget of steps', async () => {
    const progress: FitProgress[] = []
    const model = await create({ epochs: 700, stepLimit: 5 })
    await model.fit(fitRequest(NORMAL, { onProgress: (report) => progress.push(report) }))
    expect(progress.map(({ stage }) => stage)).toEqual([1, 1, 2, 2].map((epoch) => `epoch ${epoch} of 2`).concat('trained'))
  })

  it('measures the statistics of batch normalisation anew where it is told to, and goes on from there', async () => {
    const short = { epochs: 3, learningRate: 0.1, schedule: 'constant' } as const
    const [averaged, measured, again] = [
      await create(short),
      await create({ ...short, statisticsBatches: 4 }),
      await create({ ...short, statisticsBatches: 4 }),
    ]
    for (const model of [averaged, measured, again]) await model.fit(fitRequest(NORMAL))
    expect(await mapsOf(measured)).not.toEqual(await mapsOf(averaged))
    expect(await mapsOf(again)).toEqual(await mapsOf(measured))
    await measured.fit(fitRequest([CONSTANT], { task: 'next' }))
    await mapsOf(measured)
  })

  it('measures no statistics with 0 epochs', async () => {
    const [plain, told] = [await create({ epochs: 0 }), await create({ epochs: 0, statisticsBatches: 4 })]
    for (const model of [plain, told]) await model.fit(fitRequest(NORMAL))
    expect(await mapsOf(told)).toEqual(await mapsOf(plain))
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const model = await create({ epochs: 700 })
    const onProgress = (): void => stop.abort(new Error('enough'))
    await expect(model.fit(fitRequest(NORMAL, { onProgress, signal: stop.signal }))).rejects.toThrow('enough')
    await expect(model.predict(batchOf(picture(1)))).rejects.toThrow('IM_IAD_E_NOT_FITTED')
    await model.dispose()
  })

  it('a further task goes on with the same networks', async () => {
    const model = await create()
    await model.fit(fitRequest(NORMAL))
    const before = await mapsOf(model)
    await model.fit(fitRequest([CONSTANT], { task: 'next' }))
    expect(await mapsOf(model)).not.toEqual(before)
  })
})

/** Trains in a process of its own. @param killAfter - the step after which it is killed, or `null`; returns the lines it printed */
async function fitInChild(folder: string, killAfter: number | null): Promise<{ readonly lines: readonly string[]; readonly end: unknown }> {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (killAfter !== null && line.startsWith(`${killAfter} `)) child.kill('SIGKILL')
  }
  return { lines, end: await end }
}

describe('a training that is killed', () => {
  it('goes on where it was, with the same damage, and ends with the same weights', async () => {
    const [undisturbed, killed] = [await temporaryFolder(), await temporaryFolder()]
    const whole = await fitInChild(undisturbed, null)
    expect(whole.end).toBe(0)
    expect(whole.lines).toHaveLength(13)
    const first = await fitInChild(killed, 5)
    expect(first.end).toBe('SIGKILL')
    const second = await fitInChild(killed, null)
    expect(second.end).toBe(0)
    expect(second.lines.length).toBeLessThan(13)
    for (const line of [...first.lines, ...second.lines]) expect(whole.lines).toContain(line)
    const [expected, actual] = await Promise.all([undisturbed, killed].map((folder) => readFile(join(folder, 'draem.safetensors'))))
    expect(actual.equals(expected)).toBe(true)
  })

  it.each<[string, Partial<DraemParameters>, number]>([
    ['learningRate is 0.001 in the checkpoint, 0.01 here', { learningRate: 0.01 }, 0],
    ['restorerWidth is 2 in the checkpoint, 3 here', { restorerWidth: 3 }, 0],
    ['seed is 0 in the checkpoint, 1 here', {}, 1],
  ])('is refused with other settings, naming them: %s', async (message, change, seed) => {
    const kept: { bytes: Uint8Array | null } = { bytes: null }
    const save = (bytes: Uint8Array): Promise<void> => Promise.resolve(void (kept.bytes = bytes.slice()))
    await (await create()).fit(fitRequest(NORMAL, { checkpoint: { load: () => Promise.resolve(null), save } }))
    const other = await create(change, {}, seed)
    const checkpoint = { load: () => Promise.resolve(kept.bytes), save }
    await expect(other.fit(fitRequest(NORMAL, { checkpoint }))).rejects.toThrow(message)
  })
})

describe('a folder of textures', () => {
  async function textureFolder(): Promise<string> {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'banded'))
    const data = Uint8Array.from({ length: 40 * 30 * 3 }, (_, place) => (place * 7) % 256)
    for (const name of ['a.png', 'banded/b.png'])
      await writeFile(join(folder, name), await encodePng({ width: 40, height: 30, channels: 3, data }))
    await writeFile(join(folder, 'licence.txt'), 'free')
    return folder
  }

  it('is used, with what lies in folders below it, and named in the log', async () => {
    const log: string[] = []
    const model = await create({ epochs: 8 }, { textureDirectory: await textureFolder(), log: (line) => log.push(line) })
    await model.fit(fitRequest(NORMAL))
    expect(log.join()).toMatch(/textures: 2 pictures, SHA-256 [0-9a-f]{64}/)
    const formula = await create({ epochs: 8 })
    await formula.fit(fitRequest(NORMAL))
    expect(await mapsOf(model)).not.toEqual(await mapsOf(formula))
  })

  it('that is empty or missing is refused', async () => {
    for (const textureDirectory of [await temporaryFolder(), join(await temporaryFolder(), 'nothing')])
      await expect((await create({}, { textureDirectory })).fit(fitRequest(NORMAL))).rejects.toThrow(
        /no picture in the folder of textures \[IM_IAD_E_TEXTURES\]/,
      )
  })

  it('with a file that can’t be read is refused before training, naming the file', async () => {
    const textureDirectory = await textureFolder()
    await writeFile(join(textureDirectory, 'broken.jpg'), 'no picture')
    const progress: FitProgress[] = []
    const model = await create({}, { textureDirectory })
    const request = fitRequest(NORMAL, { onProgress: (report) => progress.push(report) })
    await expect(model.fit(request)).rejects.toThrow(/can't be read \[IM_IAD_E_TEXTURES\][^]*broken\.jpg/)
    expect(progress).toEqual([])
  })

  it('that changed is another training', async () => {
    const textureDirectory = await textureFolder()
    const kept: { bytes: Uint8Array | null } = { bytes: null }
    const save = (bytes: Uint8Array): Promise<void> => Promise.resolve(void (kept.bytes = bytes.slice()))
    await (await create({}, { textureDirectory })).fit(fitRequest(NORMAL, { checkpoint: { load: () => Promise.resolve(null), save } }))
    const checkpoint = { load: () => Promise.resolve(kept.bytes), save }
    await expect((await create()).fit(fitRequest(NORMAL, { checkpoint }))).rejects.toThrow(
      /textures is "[0-9a-f]{64}" in the checkpoint, "by formula" here/,
    )
  })
})

describe('a saved model', () => {
  it('is loaded with the same maps, and not into networks of another width', async () => {
    const folder = await modelFolder()
    const model = await create()
    await model.fit(fitRequest(NORMAL))
    await model.save(folder)
    const loaded = await create({}, {}, 5)
    await loaded.load(folder)
    expect(await mapsOf(loaded)).toEqual(await mapsOf(model))
    await expect((await create({ segmenterWidth: 3 })).load(folder)).rejects.toThrow('IM_IAD_E_MODEL')
  })
})
