import { describe, expect, it } from 'vitest'
import { colorize, overlay, type ColorMap, type FloatMap, type PixelImage } from '../src/index.ts'

const map: FloatMap = { width: 3, height: 1, data: Float32Array.of(-5, 0.5, 9) }
const range = { min: 0, max: 1 }

function pixels({ data }: PixelImage): number[][] {
  return Array.from({ length: data.length / 3 }, (_, pixel) => [...data.subarray(pixel * 3, pixel * 3 + 3)])
}

describe('colorize', () => {
  // The first, middle and last colour; viridis and inferno as in matplotlib 3 (_cm_listed.py, times 255), turbo by Mikhailov's polynomial.
  it.each<[ColorMap, number[][]]>([
    [
      'viridis',
      [
        [68, 1, 84],
        [33, 145, 140],
        [253, 231, 37],
      ],
    ],
    [
      'inferno',
      [
        [0, 0, 4],
        [188, 55, 84],
        [252, 255, 164],
      ],
    ],
    [
      'turbo',
      [
        [35, 23, 27],
        [149, 251, 81],
        [144, 12, 0],
      ],
    ],
  ])('%s, with values beyond the range at its ends', (name, wanted) => {
    const got = pixels(colorize(map, range, name))
    for (const [index, color] of wanted.entries())
      for (const [channel, level] of color.entries()) expect(Math.abs(got[index][channel] - level)).toBeLessThanOrEqual(2)
  })

  it('paints what is not a number like the lower end', () => {
    const [hole, low] = pixels(colorize({ width: 2, height: 1, data: Float32Array.of(Number.NaN, 0) }, range))
    expect(hole).toEqual(low)
  })
})

describe('overlay', () => {
  const grey: PixelImage = { width: 3, height: 1, channels: 1, data: Uint8Array.of(10, 100, 200) }

  it('leaves the picture where the value is low and blends more of the colour in where it is high', () => {
    const [low, middle, high] = pixels(overlay(grey, map, { range, opacity: 0.5, colorMap: 'inferno' }))
    const [, , top] = pixels(colorize(map, range, 'inferno'))
    expect(low).toEqual([10, 10, 10])
    expect(middle).not.toEqual([100, 100, 100])
    expect(high).toEqual(top.map((level) => Math.round(200 * 0.5 + level * 0.5)))
  })

  it('does not write into the picture', () => {
    const color: PixelImage = { width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) }
    overlay(color, { width: 1, height: 1, data: Float32Array.of(1) }, { range, opacity: 1 })
    expect([...color.data]).toEqual([1, 2, 3])
  })

  it('draws the outline of a mask and leaves its inside', () => {
    const size = 5
    const black: PixelImage = { width: size, height: size, channels: 1, data: new Uint8Array(size * size) }
    const flat: FloatMap = { width: size, height: size, data: new Float32Array(size * size) }
    const mask = Uint8Array.from({ length: size * size }, (_, index) => (index % size < 4 && index < 4 * size ? 1 : 0))
    const drawn = pixels(overlay(black, flat, { range, mask })).map(([red]) => (red === 255 ? '#' : '.'))
    const rows = Array.from({ length: size }, (_, row) => drawn.slice(row * size, (row + 1) * size).join(''))
    expect(rows).toEqual(['####.', '#..#.', '#..#.', '####.', '.....'])
  })

  it('refuses a map or a mask of another size', () => {
    expect(() => overlay(grey, { width: 1, height: 3, data: new Float32Array(3) }, { range })).toThrow(
      /the picture is 3x1, the map 1x3 pixels/,
    )
    expect(() => overlay(grey, map, { range, mask: new Uint8Array(2) })).toThrow(/the mask has 2 pixels, the map 3/)
  })
})
