import { readdir } from 'node:fs/promises'
import type { AlgorithmInstance, FitProgress, Prediction } from '@im-iad/core'
import { modelFolder } from '@im-iad/testkit'
import { readSafetensors } from '@im-iad/weights'
import { describe, expect, it } from 'vitest'
import type { DevNetParameters } from '../src/parameters.ts'
import { frozenModel, trainedModel } from './support/models.ts'
import { areaUnderCurve, batchOf, dotted, labelled, requestOf, SIZE, striped, TEST, TRAINING } from './support/pictures.ts'

async function scoresOf(model: AlgorithmInstance): Promise<Float32Array> {
  const { scores } = await model.predict(TEST)
  return scores
}

async function fitted(model: Promise<AlgorithmInstance>, samples = TRAINING): Promise<AlgorithmInstance> {
  const instance = await model
  await instance.fit(requestOf(samples))
  return instance
}

/** Share of a map's sum that lies in a square. */
function shareWithin({ maps }: Prediction, left: number, top: number, side: number): number {
  const data = maps?.data ?? new Float32Array()
  const inside = data.filter((_, pixel) => {
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)]
    return x >= left && x < left + side && y >= top && y < top + side
  })
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)
  return sum(inside) / sum(data)
}

describe.each([
  ['on features of a frozen backbone', frozenModel],
  ['with its backbone', trainedModel],
] as const)('DevNet, trained %s', (_, create) => {
  it('learns from labels: abnormal pictures are pushed away from the prior, normal ones are not', async () => {
    const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
    const gap = (scores: Float32Array): number => mean(scores.subarray(8)) - mean(scores.subarray(0, 8))
    const scores = await scoresOf(await fitted(create()))
    expect(areaUnderCurve(scores)).toBeGreaterThan(0.95)
    expect(gap(scores)).toBeGreaterThan(gap(await scoresOf(await fitted(create({ epochs: 0 })))) + 1)
  })

  it('is what its labels make it: exchanged labels exchange the scores', async () => {
    const exchanged = TRAINING.map(({ pixels, label }) => ({
      pixels,
      label: label === 'normal' ? ('anomalous' as const) : ('normal' as const),
    }))
    expect(areaUnderCurve(await scoresOf(await fitted(create(), exchanged)))).toBeLessThan(0.5)
  })

  it('saves and loads all of what it learned', async () => {
    const model = await fitted(create())
    const folder = await modelFolder()
    await model.save(folder)
    expect(await readdir(folder)).toEqual(['devnet.safetensors'])
    const loaded = await create({}, 5)
    await loaded.load(folder)
    expect(await loaded.predict(TEST)).toEqual(await model.predict(TEST))
  })

  it('reports a loss that falls, and a fraction that rises to 1', async () => {
    const reports: FitProgress[] = []
    const model = await create()
    await model.fit(requestOf(TRAINING, { onProgress: (progress) => void reports.push(progress) }))
    const losses = reports.flatMap(({ loss }) => loss ?? [])
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(losses.slice(-10))).toBeLessThan(0.7 * mean(losses.slice(0, 5)))
    expect(reports.at(-1)?.fraction).toBe(1)
    expect(reports.some(({ stage }) => stage === 'epoch 3 of 6')).toBe(true)
  })

  it('gives every picture the same score and map in any batch', async () => {
    const model = await fitted(create())
    const { scores, maps } = await model.predict(TEST)
    const plane = SIZE * SIZE
    for (const [index, pixels] of [
      [2, striped(102)],
      [11, dotted(203)],
    ] as const) {
      const alone = await model.predict(batchOf(pixels))
      expect(Math.abs(alone.scores[0] - scores[index])).toBeLessThan(1e-5)
      const own = maps?.data.subarray(index * plane, (index + 1) * plane) ?? new Float32Array()
      expect(Math.max(...own.map((value, pixel) => Math.abs(value - (alone.maps?.data[pixel] ?? Number.NaN))))).toBeLessThan(1e-4)
    }
  })

  it('goes on with its weights in a further task', async () => {
    const model = await fitted(create())
    const before = await scoresOf(model)
    await model.fit(requestOf(TRAINING, { task: 'another' }))
    expect(areaUnderCurve(await scoresOf(model))).toBeGreaterThan(0.95)
    expect(await scoresOf(model)).not.toEqual(before)
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const model = await create()
    const onProgress = ({ loss }: FitProgress): void => void (loss !== undefined && stop.abort(new Error('stopped')))
    await expect(model.fit(requestOf(TRAINING, { onProgress, signal: stop.signal }))).rejects.toThrow('stopped')
  })

  it('trains on constant pictures, and predicts them with finite numbers', async () => {
    const grey = (level: number): Uint8Array => new Uint8Array(SIZE * SIZE * 3).fill(level)
    const model = await fitted(create(), labelled([grey(128), grey(128)], [grey(200)]))
    const { scores, maps } = await model.predict(batchOf(grey(128), grey(0), striped(1)))
    expect([...scores, ...(maps?.data ?? [Number.NaN])].every(Number.isFinite)).toBe(true)
  })
})

describe('maps', () => {
  it.each(['gradient', 'raw-gradient', 'response'] as const)('of kind %s lie where the defect is', async (map) => {
    const model = await fitted(frozenModel({ map, scales: 1 }))
    const shares = await Promise.all([0].map(() => model.predict(batchOf(dotted(203)))))
    // 24 of 64 pixels a side, and what the Gaussian and the filters spread around them.
    const [left, top] = [(203 * 13) % 40, (203 * 29) % 40]
    const area = (32 / 64) ** 2
    expect(shareWithin(shares[0], left - 4, top - 4, 32)).toBeGreaterThan(2 * area)
  })

  it('by the gradient span 0 to 1 in every picture; raw ones and responses have no such bounds', async () => {
    const cut = await (await fitted(frozenModel())).predict(TEST)
    expect(Math.max(...(cut.maps?.data ?? []))).toBeLessThanOrEqual(1)
    expect(Math.min(...(cut.maps?.data ?? []))).toBeGreaterThanOrEqual(0)
    const response = await (await fitted(frozenModel({ map: 'response' }))).predict(TEST)
    expect(Math.max(...(response.maps?.data ?? []))).toBeGreaterThan(1)
    for (const [index, score] of cut.scores.entries())
      expect(Math.abs(score - response.scores[index])).toBeLessThan(1e-3 * Math.max(...cut.scores))
  })
})

describe('what is trained', () => {
  it.each([
    ['all', true, true],
    ['backbone', true, false],
  ] as const)('%s', async (trained, backboneMoves, headMoves) => {
    const state = async (epochs: number): Promise<ReadonlyMap<string, { readonly data: ArrayLike<number> }>> => {
      const folder = await modelFolder()
      await (await fitted(trainedModel({ trained, epochs, hiddenChannels: 0 }))).save(folder)
      return readSafetensors(`${folder}/devnet.safetensors`)
    }
    const [before, after] = [await state(0), await state(2)]
    const moves = (name: string): boolean =>
      Array.from(before.get(name)?.data ?? []).join() !== Array.from(after.get(name)?.data ?? []).join()
    expect([moves('backbone/conv.weight'), moves('head/score.weight')]).toEqual([backboneMoves, headMoves])
    expect(moves('backbone/norm.running_mean')).toBe(true)
  })

  it('rotation, the prior, sampling and the permutation of labels each change the result', async () => {
    const changes: readonly Partial<DevNetParameters>[] = [
      {},
      { rotation: true },
      { prior: 'analytic' },
      { sampling: 'shuffled' },
      { permuteLabels: true },
      { scales: 1 },
      { topShare: 0 },
    ]
    const results = await Promise.all(changes.map(async (change) => (await scoresOf(await fitted(trainedModel(change)))).join()))
    expect(new Set(results).size).toBe(changes.length)
  })

  it('with labels permuted it learns nothing of the defect', async () => {
    const areas = await Promise.all(
      [0, 1, 2, 3].map(async (seed) => areaUnderCurve(await scoresOf(await fitted(frozenModel({ permuteLabels: true }, seed))))),
    )
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.15)
  })
})

describe('bad input', () => {
  const normal = [0, 1, 2].map(striped)

  it.each([
    ['no picture', [], 'DevNet has nothing to train on in task "part"'],
    ['one picture', labelled([striped(0)], []), /none of the 1 in task "part" is abnormal[^]*fully-supervised/],
    ['no abnormal picture', labelled(normal, []), /none of the 3 in task "part" is abnormal[^]*-p fully-supervised/],
    ['no normal picture', labelled([], normal), /none of the 3 in task "part" is normal/],
    ['a picture without a label', [...labelled(normal, [dotted(1)]), { pixels: striped(5) }], /training image 5 of task "part" has none/],
  ] as const)('%s is an error', async (_, samples, message) => {
    await expect(fitted(frozenModel(), samples)).rejects.toThrow(message)
  })

  it('one normal and one abnormal picture are enough', async () => {
    const model = await fitted(frozenModel(), labelled([striped(0)], [dotted(3)]))
    expect((await scoresOf(model)).every(Number.isFinite)).toBe(true)
  })

  it('a backbone that gives no gradients, or can not be trained, is refused with the way out', async () => {
    const trainableBackbone = (): Promise<null> => Promise.resolve(null)
    await expect(frozenModel({}, 0, { trainableBackbone })).rejects.toThrow(/gives no gradients[^]*devnet\.map=response/)
    await expect(frozenModel({ trained: 'all' }, 0, { trainableBackbone })).rejects.toThrow(
      /can't train the backbone[^]*devnet\.trained=head/,
    )
    const model = await fitted(frozenModel({ map: 'response' }, 0, { trainableBackbone }))
    expect(areaUnderCurve(await scoresOf(model))).toBeGreaterThan(0.95)
  })

  it('a level that the backbone lacks is named with those there are', async () => {
    await expect(frozenModel({ level: 5 })).rejects.toThrow(/no level of stride 5[^]*4, 8, 16/)
  })
})
