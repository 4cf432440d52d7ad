import { join } from 'node:path'
import { batchOf, fitRequest, modelFolder, picture } from '@im-iad/testkit'
import { readSafetensors, writeSafetensors } from '@im-iad/weights'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PatchCoreModel, PatchCoreParameters } from '../src/model.ts'
import { createModel } from './support.ts'

const PATCHES = 64
const TASKS: Readonly<Record<string, readonly number[]>> = { bolts: [0, 1, 2], nuts: [10, 11], washers: [20, 21, 22] }
const NEW = batchOf(picture(3), picture(12), picture(33))

/** Fitted on one task after the other. */
async function fittedOn(
  tasks: readonly string[],
  change: Partial<PatchCoreParameters> = {},
  model?: PatchCoreModel,
): Promise<PatchCoreModel> {
  const fitted = model ?? (await createModel({ memory: 'append', ...change }))
  for (const task of tasks) await fitted.fit(fitRequest((TASKS[task] ?? []).map(picture), { task }))
  return fitted
}

const patchesOf = (model: PatchCoreModel): number => model.images().reduce((sum, { patches }) => sum + patches, 0)

async function bankOf(model: PatchCoreModel): Promise<number | undefined> {
  const folder = await modelFolder()
  await model.save(folder)
  return (await readSafetensors(join(folder, 'patchcore.safetensors'))).get('bank')?.shape[0]
}

describe('a memory that is appended to', () => {
  it('is the memory of all tasks at once where nothing is thinned out', async () => {
    const [first, second] = [await fittedOn(['bolts', 'nuts', 'washers']), await createModel()]
    await second.fit(fitRequest(Object.values(TASKS).flat().map(picture)))
    for (const reweightingNeighbors of [1, 4]) {
      const [one, all] = [await copyOf(first, { reweightingNeighbors }), await copyOf(second, { reweightingNeighbors })]
      expect(await one.predict(NEW)).toEqual(await all.predict(NEW))
    }
  })

  it('keeps a coreset of every task where they are thinned out', async () => {
    const model = await fittedOn(['bolts', 'nuts'], { coresetRatio: 0.25 })
    const counts = (task: string): number => model.images().reduce((sum, image) => sum + (image.task === task ? image.patches : 0), 0)
    expect([counts('bolts'), counts('nuts')]).toEqual([(3 * PATCHES) / 4, (2 * PATCHES) / 4])
  })
})

/** The same memory in a model of other parameters. */
async function copyOf(model: PatchCoreModel, change: Partial<PatchCoreParameters>): Promise<PatchCoreModel> {
  const folder = await modelFolder()
  await model.save(folder)
  const copy = await createModel(change)
  await copy.load(folder)
  return copy
}

describe('a budget', () => {
  it('is never exceeded, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 150 }),
        fc.array(fc.constantFrom('bolts', 'nuts', 'washers'), { minLength: 1, maxLength: 4 }),
        fc.constantFrom<Partial<PatchCoreParameters>[]>({}, { coresetRatio: 0.3 }, { projectionDimension: 3 }, { memory: 'replace' }),
        async (memoryBudget, tasks, change) => {
          const model = await fittedOn(tasks, { memoryBudget, ...change })
          expect(patchesOf(model)).toBeLessThanOrEqual(memoryBudget)
          expect(await bankOf(model)).toBe(patchesOf(model))
          await model.addImages(fitRequest([picture(40)], { task: 'late' }))
          expect(patchesOf(model)).toBeLessThanOrEqual(memoryBudget)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is used up, with patches of every task', async () => {
    const model = await fittedOn(['bolts', 'nuts', 'washers'], { memoryBudget: 100 })
    expect(patchesOf(model)).toBe(100)
    const kept = model.images().filter(({ patches }) => patches > 0)
    expect(new Set(kept.map(({ task }) => task))).toEqual(new Set(Object.keys(TASKS)))
  })

  it('changes nothing where it is not reached', async () => {
    const [free, bounded] = [await fittedOn(['bolts', 'nuts']), await fittedOn(['bolts', 'nuts'], { memoryBudget: 5 * PATCHES })]
    expect(await bounded.predict(NEW)).toEqual(await free.predict(NEW))
  })
})

describe('images of the memory', () => {
  it('are named by their task and number', async () => {
    const model = await fittedOn(['bolts', 'nuts', 'bolts'])
    expect(model.images().map(({ task, index }) => `${task} ${index}`)).toEqual([
      'bolts 0',
      'bolts 1',
      'bolts 2',
      'nuts 0',
      'nuts 1',
      'bolts 3',
      'bolts 4',
      'bolts 5',
    ])
    expect(model.images().every(({ patches }) => patches === PATCHES)).toBe(true)
  })

  it('can be added, with all their patches or a coreset of them', async () => {
    const model = await fittedOn(['bolts'], { coresetRatio: 0.5, memory: 'replace' })
    expect((await model.predict(batchOf(picture(33)))).scores[0]).toBeGreaterThan(0)
    await model.addImages(fitRequest([picture(33)], { task: 'false alarms' }))
    await model.addImages(fitRequest([picture(34)], { task: 'false alarms' }), 0.25)
    expect(model.images().slice(3)).toEqual([
      { task: 'false alarms', index: 0, patches: PATCHES },
      { task: 'false alarms', index: 1, patches: PATCHES / 4 },
    ])
    expect((await model.predict(batchOf(picture(33)))).scores[0]).toBe(0)
  })

  it.each([{}, { reweightingNeighbors: 4 }])('can be removed, and it is as if they had never come: %j', async (change) => {
    const model = await fittedOn(['bolts'], change)
    const before = await model.predict(NEW)
    await fittedOn(['nuts'], change, model)
    await model.addImages(fitRequest([picture(3)], { task: 'bolts' }))
    expect((await model.predict(NEW)).scores).not.toEqual(before.scores)
    expect(model.removeImages(({ task, index }) => task === 'nuts' || index === 3)).toBe(3 * PATCHES)
    expect(await model.predict(NEW)).toEqual(before)
  })

  it('can be removed from the middle', async () => {
    const [model, without] = [await fittedOn(['bolts', 'nuts', 'washers']), await fittedOn(['bolts', 'washers'])]
    model.removeImages(({ task }) => task === 'nuts')
    expect(await model.predict(NEW)).toEqual(await without.predict(NEW))
    expect(model.images()).toEqual(without.images())
  })

  it('takes only its own patches where the memory is a coreset', async () => {
    const model = await fittedOn(['bolts', 'nuts'], { coresetRatio: 0.3, memoryBudget: 70 })
    const own = model.images().find(({ task, index }) => task === 'nuts' && index === 1)?.patches
    expect(model.removeImages(({ task, index }) => task === 'nuts' && index === 1)).toBe(own)
    expect(patchesOf(model)).toBe(70 - (own ?? 0))
    expect(model.removeImages(({ task }) => task === 'elsewhere')).toBe(0)
  })

  it('leave an unfitted model when all are removed', async () => {
    const model = await fittedOn(['bolts'])
    expect(model.removeImages(() => true)).toBe(3 * PATCHES)
    expect(() => model.images()).toThrow('PatchCore has not been trained yet')
    await expect(model.predict(NEW)).rejects.toThrow('IM_IAD_E_NOT_FITTED')
  })

  it('are kept by a saved model', async () => {
    const model = await fittedOn(['bolts', 'nuts'], { coresetRatio: 0.3 })
    const copy = await copyOf(model, { memory: 'append', coresetRatio: 0.3 })
    expect(copy.images()).toEqual(model.images())
    for (const one of [model, copy]) {
      one.removeImages(({ index }) => index === 0)
      await fittedOn(['bolts'], {}, one)
    }
    expect(copy.images()).toEqual(model.images())
    expect(await copy.predict(NEW)).toEqual(await model.predict(NEW))
  })

  it('are unknown in a model that was saved without them, which can be added to all the same', async () => {
    const folder = await modelFolder()
    await (await fittedOn(['bolts'])).save(folder)
    const file = join(folder, 'patchcore.safetensors')
    const bank = (await readSafetensors(file)).get('bank')
    if (bank === undefined) throw new Error('no memory')
    await writeSafetensors(file, { bank })
    const model = await createModel({ memory: 'append' })
    await model.load(folder)
    expect(model.images()).toEqual([])
    await fittedOn(['nuts'], {}, model)
    expect(model.removeImages(() => true)).toBe(2 * PATCHES)
    expect(await model.predict(NEW)).toEqual(await (await fittedOn(['bolts'])).predict(NEW))
  })

  it('must fit the patches of a saved model', async () => {
    const folder = await modelFolder()
    await (await fittedOn(['bolts'])).save(folder)
    const file = join(folder, 'patchcore.safetensors')
    await writeSafetensors(file, Object.fromEntries(await readSafetensors(file)))
    await expect((await createModel()).load(folder)).rejects.toThrow('do not fit the patches')
    await writeSafetensors(file, Object.fromEntries(await readSafetensors(file)), { metadata: new Map([['tasks', '["bolts"']]) })
    await expect((await createModel()).load(folder)).rejects.toThrow('do not fit the patches')
  })
})
