import { describe, expect, it } from 'vitest'
import { normalizedPixels, pixelBatch } from '../src/index.ts'

describe('normalizedPixels', () => {
  it('gives every value of every channel as it is computed in float64 and rounded once', () => {
    const normalization = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const
    const pixels = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3))
    const { shape, data } = normalizedPixels({ count: 2, height: 8, width: 16, pixels }, normalization)
    expect(shape).toEqual([2, 8, 16, 3])
    const { mean, std } = normalization
    expect(data).toEqual(Float32Array.from(pixels, (pixel, index) => (pixel - mean[index % 3]) / std[index % 3]))
  })
})

describe('pixelBatch', () => {
  it('normalises pictures, in the order that is asked for', async () => {
    const pictures = [0, 1, 2].map((number) => Uint8Array.from({ length: 12 }, (_, place) => number * 100 + place))
    const source = { height: 2, width: 2, at: (index: number) => Promise.resolve({ pixels: pictures[index] }) }
    const { shape, data } = await pixelBatch(source, [2, 0], { mean: [0, 1, 2], std: [1, 2, 4] })
    expect(shape).toEqual([2, 2, 2, 3])
    expect([...data.subarray(0, 6)]).toEqual([200, 100, 50, 203, 101.5, 50.75])
    expect([...data.subarray(12, 15)]).toEqual([0, 0, 0])
  })
})
