import type { AlgorithmInstance, Prediction } from '@im-iad/core'
import { describe, expect, it } from 'vitest'
import type { PatchCoreParameters } from '../src/model.ts'
import { batchOf, blockBackbone, fitRequest, modelFolder, picture } from '@im-iad/testkit'
import { createModel } from './support.ts'

const NORMAL = [0, 1, 2, 3, 4].map(picture)

async function fitted(
  change: Partial<PatchCoreParameters> = {},
  pictures: readonly Uint8Array[] = NORMAL,
  seed: number = 0,
): Promise<AlgorithmInstance> {
  const model = await createModel(change, undefined, seed)
  await model.fit(fitRequest(pictures))
  return model
}

/** The patch features of one picture by their definition: 3x3 means with zeros outside, the coarse level upsampled bilinearly. */
async function patches(pixels: Uint8Array): Promise<readonly (readonly number[])[]> {
  const [fine, coarse] = await blockBackbone([4, 8], 5).extract(batchOf(pixels), [4, 8])
  const mean = (data: Float32Array, size: number, row: number, column: number, channel: number): number => {
    let sum = 0
    for (let y = row - 1; y <= row + 1; y++)
      for (let x = column - 1; x <= column + 1; x++) if (y >= 0 && x >= 0 && y < size && x < size) sum += data[(y * size + x) * 5 + channel]
    return sum / 9
  }
  const upsampled = (row: number, column: number, channel: number): number => {
    const place = (position: number): [number, number, number] => {
      const source = Math.max(0, (position + 0.5) / 2 - 0.5)
      return [Math.floor(source), Math.min(3, Math.floor(source) + 1), source - Math.floor(source)]
    }
    const [top, bottom, down] = place(row)
    const [left, right, across] = place(column)
    const at = (y: number, x: number): number => mean(coarse?.data ?? new Float32Array(), 4, y, x, channel)
    return (
      (at(top, left) * (1 - across) + at(top, right) * across) * (1 - down) +
      (at(bottom, left) * (1 - across) + at(bottom, right) * across) * down
    )
  }
  const channels = [0, 1, 2, 3, 4]
  return Array.from({ length: 64 }, (_, position) => {
    const [row, column] = [Math.floor(position / 8), position % 8]
    return [
      ...channels.map((channel) => mean(fine?.data ?? new Float32Array(), 8, row, column, channel)),
      ...channels.map((channel) => upsampled(row, column, channel)),
    ]
  })
}

const squared = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + (value - b[index]) ** 2, 0)

describe('PatchCore', () => {
  it('scores a picture by its largest squared distance to the memory', async () => {
    const model = await fitted()
    const { scores } = await model.predict(batchOf(picture(9)))
    const memory = (await Promise.all(NORMAL.map(patches))).flat()
    const expected = (await patches(picture(9))).map((patch) => Math.min(...memory.map((row) => squared(patch, row))))
    expect(scores[0]).toBeCloseTo(Math.max(...expected), 5)
    await model.dispose()
  })

  it('gives what it has seen a score of zero, and what it has not a map that peaks there', async () => {
    const model = await fitted()
    const changed = picture(2)
    for (let row = 8; row < 16; row++) changed.fill(255, (row * 32 + 20) * 3, (row * 32 + 28) * 3)
    const { scores, maps } = await model.predict(batchOf(picture(2), changed))
    expect(scores[0]).toBe(0)
    expect(scores[1]).toBeGreaterThan(0.03)
    const map = maps?.data.subarray(32 * 32) ?? new Float32Array()
    const peak = map.indexOf(Math.max(...map))
    expect([Math.floor(peak / 32), peak % 32].every((place, axis) => place > (axis === 0 ? 4 : 16) && place < (axis === 0 ? 20 : 31))).toBe(
      true,
    )
  })

  it('keeps the share of patches that it is told to, at least one', async () => {
    const scoreWith = async (coresetRatio: number): Promise<number> =>
      (await (await fitted({ coresetRatio })).predict(batchOf(picture(9)))).scores[0]
    const [all, tenth, one] = [await scoreWith(1), await scoreWith(0.1), await scoreWith(1e-9)]
    expect(all).toBeLessThanOrEqual(tenth)
    expect(tenth).toBeLessThan(one)
  })

  it('selects on projections and keeps the full features when they are wider', async () => {
    const model = await fitted({ projectionDimension: 3, coresetRatio: 1 })
    expect([...(await model.predict(batchOf(...NORMAL))).scores]).toEqual([0, 0, 0, 0, 0])
  })

  it('gives other coresets for other seeds', async () => {
    const predict = async (seed: number): Promise<Prediction> =>
      (await fitted({ coresetRatio: 0.1 }, NORMAL, seed)).predict(batchOf(picture(8), picture(9)))
    expect((await predict(3)).maps).not.toEqual((await predict(4)).maps)
  })

  it('replaces its memory at the next task, or appends to it when told to', async () => {
    const later = [20, 21].map(picture)
    for (const [memory, remembers] of [
      ['replace', false],
      ['append', true],
    ] as const) {
      const model = await createModel({ memory })
      await model.fit(fitRequest(NORMAL))
      await model.fit(fitRequest(later, { task: 'other' }))
      const [old, recent] = (await model.predict(batchOf(picture(0), picture(20)))).scores
      expect(recent).toBe(0)
      expect(old === 0).toBe(remembers)
    }
  })

  it('fits on a single picture', async () => {
    const model = await fitted({}, [picture(1)])
    expect((await model.predict(batchOf(picture(1)))).scores[0]).toBe(0)
  })

  it('reports progress to the end', async () => {
    const fractions: number[] = []
    const model = await createModel({ coresetRatio: 0.5 })
    await model.fit(fitRequest(NORMAL, { onProgress: ({ fraction }) => fractions.push(fraction) }))
    expect(fractions.at(-1)).toBe(1)
  })

  it('says what is wrong when it is not fitted, or has nothing to fit on', async () => {
    const model = await createModel()
    await expect(model.predict(batchOf(picture(0)))).rejects.toThrow('PatchCore has not been trained yet')
    await expect(model.fit(fitRequest([]))).rejects.toThrow('nothing to train on in task "part"')
    await expect(model.load(await modelFolder())).rejects.toThrow('patchcore.safetensors')
  })
})

describe('re-weighting', () => {
  /** Everything that the two formulas need, by brute force. */
  async function parts(): Promise<{
    readonly patch: readonly number[]
    readonly nearest: readonly number[]
    readonly memory: readonly (readonly number[])[]
  }> {
    const memory = (await Promise.all(NORMAL.map(patches))).flat()
    const nearestOf = (patch: readonly number[]): readonly number[] =>
      memory.reduce((best, row) => (squared(patch, row) < squared(patch, best) ? row : best))
    const queries = await patches(picture(9))
    const patch = queries.reduce((worst, one) => (squared(one, nearestOf(one)) > squared(worst, nearestOf(worst)) ? one : worst))
    return { patch, nearest: nearestOf(patch), memory }
  }

  const closest = (to: readonly number[], memory: readonly (readonly number[])[], count: number): readonly (readonly number[])[] =>
    memory.toSorted((a, b) => squared(to, a) - squared(to, b)).slice(0, count)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

  it("follows the paper's equation 7", async () => {
    const { patch, nearest, memory } = await parts()
    const distance = Math.sqrt(squared(patch, nearest))
    const around = closest(nearest, memory, 4).map((row) => Math.exp(Math.sqrt(squared(patch, row))))
    const { scores } = await (await fitted({ reweightingNeighbors: 4 })).predict(batchOf(picture(9)))
    expect(scores[0]).toBeCloseTo((1 - Math.exp(distance) / sum(around)) * distance, 5)
  })

  it('follows open-iad', async () => {
    const { patch, memory } = await parts()
    const distances = closest(patch, memory, 4).map((row) => squared(patch, row))
    const { scores } = await (await fitted({ reweightingNeighbors: 4, reweighting: 'open-iad' })).predict(batchOf(picture(9)))
    expect(scores[0]).toBeCloseTo((1 - Math.exp(Math.max(...distances)) / sum(distances.map(Math.exp))) * Math.min(...distances), 5)
  })

  it('is off with one neighbour, and never asks for more than there are', async () => {
    const plain = (await (await fitted()).predict(batchOf(picture(9)))).scores[0]
    expect((await (await fitted({ reweightingNeighbors: 1, reweighting: 'open-iad' })).predict(batchOf(picture(9)))).scores[0]).toBe(plain)
    const small = await fitted({ reweightingNeighbors: 200, coresetRatio: 0.01 })
    expect((await small.predict(batchOf(picture(9)))).scores[0]).toBeGreaterThan(0)
  })
})
