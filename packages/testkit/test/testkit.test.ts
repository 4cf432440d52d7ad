import { describe, expect, it } from 'vitest'
import { batchOf, blockBackbone, contextFor, fitRequest, picture } from '../src/index.ts'

describe('testkit', () => {
  it('gives block means of the colours as features', async () => {
    const [level] = await blockBackbone([16], 3).extract(batchOf(new Uint8Array(32 * 32 * 3).fill(51)), [16])
    expect([level?.height, level?.width]).toEqual([2, 2])
    for (const [index, value] of [0.2, 0.25, 0.3].entries()) expect(level?.data[index]).toBeCloseTo(value, 6)
  })

  it('gives pictures that differ, in batches of any size', async () => {
    expect(picture(1)).not.toEqual(picture(2))
    const { samples } = fitRequest([0, 1, 2].map(picture))
    const counts: number[] = []
    for await (const batch of samples.batches(2)) counts.push(batch.count)
    expect(counts).toEqual([2, 1])
    expect((await samples.at(2)).pixels).toEqual(picture(2))
  })

  it('gives contexts with the same random numbers for the same seed', async () => {
    const draw = async (seed: number): Promise<number> => (await contextFor(blockBackbone([4], 1), seed)).random.stream('x').uniform()
    expect(await draw(1)).toBe(await draw(1))
    expect(await draw(1)).not.toBe(await draw(2))
  })
})
