import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { chooseAlgorithm, fitAlgorithm, loadModel, openPictures } from '@im-iad/predict'
import { describe, expect, it } from 'vitest'
import { fitSmall, prepareSmall, registry, settings } from './support/fit-small.ts'
import { pictureFolder, temporaryFolder } from './support/pictures.ts'

describe('fitting', () => {
  it.each([
    ['good and bad', { goodFolder: 'good', badFolder: 'bad' }, 6, 2],
    ['ok and ng', { goodFolder: 'OK', badFolder: 'NG' }, 6, 2],
    ['train and test', { goodFolder: 'train/good', badFolder: 'test/scratch' }, 6, 2],
    ['pictures alone', { goodFolder: '.', badFolder: 'none' }, 6, 0],
  ])('takes %s', async (_, folders, good, bad) => {
    const prepared = await prepareSmall(await pictureFolder({ good, bad, ...folders }))
    expect([prepared.good.length, prepared.bad.length]).toEqual([good, bad])
  })

  it('judges every good picture by a model that has not seen it, and says what so few can promise', async () => {
    const { outcome, description } = await fitSmall(await pictureFolder({ good: 12, bad: 3 }))
    expect(outcome.good).toHaveLength(12)
    expect(outcome.good.every((score) => score !== null)).toBe(true)
    const { threshold } = description
    expect(threshold).toMatchObject({ heldOut: 'cross-fitting', supported: false, required: 299, rank: 1, count: 12 })
    expect(threshold.value).toBe(Math.max(...outcome.good.map((score) => score ?? 0)))
    expect(threshold.statement).toContain("12 good pictures can't support 1 %: at least 299 are needed for 95 % confidence")
    expect(threshold.detection).toMatchObject({ hits: 3, count: 3, rate: 1, high: 1 })
  })

  it('holds out a split where there is enough for one, and never trains on it', async () => {
    // A rate of 30 % needs 9 pictures; 20 are enough for both sides.
    const { outcome, description, prepared } = await fitSmall(await pictureFolder({ good: 20, bad: 0 }), { rate: 0.3 })
    expect(prepared.holdOut.kind).toBe('split')
    const held = outcome.good.filter((score) => score !== null)
    expect(held).toHaveLength(9)
    expect(outcome.trained).toBe(11)
    expect(description.threshold).toMatchObject({ heldOut: 'split', supported: true, count: 9, rank: 1, detection: null })
    // What it was saved with is what judged it.
    const model = await loadModel((await fitSmall(await pictureFolder({ good: 20, bad: 0 }), { rate: 0.3 })).folder, { registry })
    expect(model.threshold).toBe(description.threshold.value)
    await model.dispose()
  })

  it('gives the same numbers in a process of its own', async () => {
    const root = await pictureFolder({ good: 8, bad: 2 })
    const inside = await fitSmall(root)
    const outside = await fitSmall(root, { isolation: 'child-process' })
    expect(outside.outcome.good).toEqual(inside.outcome.good)
    expect(outside.outcome.bad).toEqual(inside.outcome.bad)
    expect(outside.description.files).toEqual(inside.description.files)
  })

  it('leaves nothing behind when it is stopped', async () => {
    const prepared = await prepareSmall(await pictureFolder({ good: 8, bad: 2 }))
    const folder = join(await temporaryFolder(), 'model')
    const abort = new AbortController()
    const fitting = fitAlgorithm({
      prepared,
      chosen: await chooseAlgorithm({ registry, id: 'patchcore', budget: 'smoke', settings }),
      goal: { rate: 0.01, confidence: 0.95 },
      budget: 'smoke',
      seed: 0,
      folder,
      keepGoodMaps: 0,
      isolation: 'child-process',
      listener: { onProgress: () => abort.abort(), onLog: () => undefined, signal: abort.signal },
    })
    await expect(fitting).rejects.toThrow('aborted')
    expect(await readdir(dirname(folder))).toEqual([])
  })

  it('leaves unreadable pictures out and says which', async () => {
    const root = await pictureFolder({ good: 6, bad: 2 })
    await writeFile(join(root, 'good', 'broken.png'), 'not a picture')
    const prepared = await prepareSmall(root)
    expect(prepared.good).toHaveLength(6)
    expect(prepared.unreadable).toHaveLength(1)
    expect(prepared.unreadable[0]).toContain('broken.png')
  })

  it('refuses a single good picture', async () => {
    await expect(prepareSmall(await pictureFolder({ good: 1, bad: 2 }))).rejects.toMatchObject({ code: 'IM_IAD_E_NO_TRAINING' })
  })

  it('asks which part is meant where a folder holds several', async () => {
    const root = dirname(await pictureFolder({ good: 2, bad: 1 }))
    const second = await pictureFolder({ good: 2, bad: 1 })
    const { cp } = await import('node:fs/promises')
    await cp(second, join(root, 'others'), { recursive: true })
    const request = { registry, dataset: 'folder', root, settings: [] }
    await expect(openPictures({ ...request, category: null })).rejects.toThrow('holds 2: others, parts')
    expect((await openPictures({ ...request, category: 'parts' })).good).toHaveLength(2)
  })
})
