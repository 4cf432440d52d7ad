import { describe, expect, it } from 'vitest'
import { frameMap } from '../dist/machinery.js'

describe('a map of a cropped picture, in the picture itself', () => {
  it.each([
    // Half of an odd margin is rounded to even, as the crop itself is.
    [7, 4, 2],
    [9, 4, 2],
    [8, 4, 2],
  ])('lies where the crop of %i pixels to %i was: %i from the edge', async (size, crop, edge) => {
    const map = { height: crop, width: crop, data: new Float32Array(crop * crop) }
    map.data[0] = 1
    const geometry = { resize: { width: size, height: size }, resample: 'bilinear', crop: { width: crop, height: crop } } as const
    const native = await frameMap(map, { width: size, height: size }, { geometry, frame: 'native' })
    expect(native.indexOf(1)).toBe(edge * size + edge)
  })
})
