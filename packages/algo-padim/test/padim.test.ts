import type { AlgorithmInstance, FeatureExtractor, Prediction } from '@im-iad/core'
import { projectionMatrix } from '@im-iad/nn'
import { describe, expect, it } from 'vitest'
import padim from '../src/index.ts'
import type { PadimParameters } from '../src/parameters.ts'
import { batchOf, blockBackbone, contextFor, fitRequest, modelFolder, picture } from '@im-iad/testkit'

const NORMAL = [0, 1, 2, 3, 4].map(picture)
const CHANNELS = 2

async function create(
  change: Partial<PadimParameters> = {},
  backbone: FeatureExtractor = blockBackbone([4, 8], CHANNELS),
  seed: number = 0,
): Promise<AlgorithmInstance> {
  const result = padim.parameters['~standard'].validate({ size: 32, levels: [4, 8], batchSize: 2, ...change })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return padim.create(result.value, await contextFor(backbone, seed))
}

async function fitted(
  change: Partial<PadimParameters> = {},
  pictures: readonly Uint8Array[] = NORMAL,
  seed: number = 0,
  backbone?: FeatureExtractor,
): Promise<AlgorithmInstance> {
  const model = await create(change, backbone, seed)
  await model.fit(fitRequest(pictures))
  return model
}

/** Both levels at every position of the finer grid, coarse ones repeated. */
async function positions(pixels: Uint8Array): Promise<readonly (readonly number[])[]> {
  const [fine, coarse] = await blockBackbone([4, 8], CHANNELS).extract(batchOf(pixels), [4, 8])
  return Array.from({ length: 64 }, (_, position) => {
    const [row, column] = [Math.floor(position / 8), position % 8]
    const own = fine?.data.subarray(position * CHANNELS, (position + 1) * CHANNELS) ?? []
    const above = (Math.floor(row / 2) * 4 + Math.floor(column / 2)) * CHANNELS
    return [...own, ...(coarse?.data.subarray(above, above + CHANNELS) ?? [])]
  })
}

/** Solves A x = b by Gaussian elimination. */
function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, vector[index]])
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const scaled = rows[pivot].map((value) => value / rows[pivot][pivot])
    for (let row = 0; row < rows.length; row++)
      rows[row] = row === pivot ? scaled : rows[row].map((value, column) => value - rows[row][pivot] * scaled[column])
  }
  return rows.map((row) => row[vector.length])
}

/** Mahalanobis distances by their definition. */
async function distances(pixels: Uint8Array, training: readonly Uint8Array[]): Promise<readonly number[]> {
  const fittedOn = await Promise.all(training.map(positions))
  return (await positions(pixels)).map((vector, position) => {
    const samples = fittedOn.map((image) => image[position])
    const mean = vector.map((_, column) => samples.reduce((sum, sample) => sum + sample[column], 0) / samples.length)
    const covariance = vector.map((_, row) =>
      vector.map(
        (__, column) =>
          (samples.length === 1
            ? 0
            : samples.reduce((sum, sample) => sum + (sample[row] - mean[row]) * (sample[column] - mean[column]), 0) /
              (samples.length - 1)) + (row === column ? 0.01 : 0),
      ),
    )
    const delta = vector.map((value, column) => value - mean[column])
    return Math.sqrt(solve(covariance, delta).reduce((sum, value, column) => sum + value * delta[column], 0))
  })
}

/** Upsampled and blurred. */
function mapOf(grid: readonly number[]): readonly number[] {
  const matrix = projectionMatrix(8, 32, 4)
  const weight = (row: number, column: number): number => matrix[row * 8 + column]
  return Array.from({ length: 1024 }, (_, pixel) =>
    grid.reduce(
      (sum, value, position) => sum + value * weight(Math.floor(pixel / 32), Math.floor(position / 8)) * weight(pixel % 32, position % 8),
      0,
    ),
  )
}

describe('PaDiM', () => {
  it.each([
    ['five pictures', NORMAL],
    ['one picture: the regularisation alone', NORMAL.slice(0, 1)],
  ])('maps Mahalanobis distances, fitted on %s', async (_name, training) => {
    const { scores, maps } = await (await fitted({}, training)).predict(batchOf(picture(9)))
    const expected = mapOf(await distances(picture(9), training))
    for (const [pixel, value] of expected.entries())
      expect(Math.abs((maps?.data[pixel] ?? 0) - value)).toBeLessThan(1e-3 * Math.max(...expected))
    expect(scores[0]).toBe(Math.max(...(maps?.data ?? [])))
  })

  it('keeps the channels that are drawn with its seed, all where there are no more', async () => {
    const wide = blockBackbone([4, 8], 10)
    const predict = async (channels: number, seed: number): Promise<Prediction> =>
      (await fitted({ channels }, NORMAL, seed, wide)).predict(batchOf(picture(9)))
    expect((await predict(3, 1)).scores).not.toEqual((await predict(3, 2)).scores)
    const [all, more] = [await predict(20, 1), await predict(99, 1)]
    expect(all).toEqual(more)
  })

  it('refuses a model of other channels', async () => {
    const wide = blockBackbone([4, 8], 10)
    const model = await fitted({ channels: 3 }, NORMAL, 1, wide)
    const folder = await modelFolder()
    await model.save(folder)
    await expect((await create({ channels: 3 }, wide, 2)).load(folder)).rejects.toThrow('it was fitted on other feature channels')
  })

  it('forgets the earlier task: only the drawn channels stay', async () => {
    const later = [20, 21, 22].map(picture)
    const wide = blockBackbone([4, 8], 10)
    const model = await fitted({ channels: 3 }, NORMAL, 1, wide)
    const before = (await model.predict(batchOf(picture(0)))).scores[0]
    await model.fit(fitRequest(later, { task: 'other' }))
    const after = await model.predict(batchOf(picture(0)))
    expect(after.scores[0]).toBeGreaterThan(before)
    expect(after).toEqual(await (await fitted({ channels: 3 }, later, 1, wide)).predict(batchOf(picture(0))))
  })

  it('reports progress to the end', async () => {
    const fractions: number[] = []
    const model = await create()
    await model.fit(fitRequest(NORMAL, { onProgress: ({ fraction }) => fractions.push(fraction) }))
    expect(fractions.at(-1)).toBe(1)
  })

  it('says what is wrong', async () => {
    const model = await create()
    await expect(model.predict(batchOf(picture(0)))).rejects.toThrow('PaDiM has not been trained yet')
    await expect(model.fit(fitRequest([]))).rejects.toThrow('nothing to train on in task "part"')
    await expect(create({ levels: [4, 32] })).rejects.toThrow(/no level of stride 32[^]*strides 4, 8/)
  })
})
