import { assert, constantFrom, double, integer, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyGeometry, applyGeometryToMask, frameSize, resample, toRgb, type Geometry, type PixelImage } from '../src/index.ts'
import { chirp } from './support/chirp.ts'

const geometries = record({
  resize: record({ width: integer({ min: 1, max: 40 }), height: integer({ min: 1, max: 40 }) }),
  filter: constantFrom<Geometry['resample']>('bilinear', 'lanczos'),
  kept: record({ width: double({ min: 0, max: 1, noNaN: true }), height: double({ min: 0, max: 1, noNaN: true }) }),
}).map(({ resize, filter, kept }): Geometry => ({
  resize,
  resample: filter,
  crop: { width: Math.ceil(1 + kept.width * (resize.width - 1)), height: Math.ceil(1 + kept.height * (resize.height - 1)) },
}))

/** A rectangle of a picture, pixel by pixel. */
function cut(image: PixelImage, left: number, top: number, width: number, height: number): Uint8Array {
  const { channels } = image
  return Uint8Array.from({ length: width * height * channels }, (_, index) => {
    const pixel = Math.floor(index / channels)
    return image.data[((top + Math.floor(pixel / width)) * image.width + left + (pixel % width)) * channels + (index % channels)]
  })
}

describe('applyGeometry', () => {
  it('gives the centre of the resized picture', () => {
    const picture = chirp(50, 37, 3)
    assert(
      property(geometries, (geometry) => {
        const { width, height } = frameSize(geometry)
        const whole = resample(picture, { ...geometry.resize, filter: geometry.resample })
        const margins = [geometry.resize.width - width, geometry.resize.height - height]
        const [left, top] = margins.map((margin) => (margin % 4 === 3 ? (margin + 1) / 2 : Math.floor(margin / 2)))
        const framed = applyGeometry(picture, geometry)
        expect(framed).toEqual({ width, height, channels: 3, data: cut(whole, left, top, width, height) })
      }),
    )
  })

  // torchvision 0.x CenterCrop: int(round((size - crop) / 2)), and Python rounds a half to even.
  it.each([
    [5, 4, 0],
    [6, 4, 1],
    [7, 4, 2],
    [9, 4, 2],
    [11, 4, 4],
  ])('cuts a row of %i to %i from position %i on', (size, width, left) => {
    const row: PixelImage = { width: size, height: 1, channels: 1, data: Uint8Array.from({ length: size }, (_, index) => index) }
    const { data } = applyGeometry(row, { resize: { width: size, height: 1 }, resample: 'bilinear', crop: { width, height: 1 } })
    expect(data[0]).toBe(left)
  })

  it('makes grey pictures RGB', () => {
    const grey = chirp(8, 8, 1)
    expect(applyGeometry(grey, { resize: { width: 8, height: 8 }, resample: 'bilinear', crop: null })).toEqual(toRgb(grey))
  })

  it('refuses a crop larger than the picture', () => {
    const geometry: Geometry = { resize: { width: 8, height: 8 }, resample: 'bilinear', crop: { width: 8, height: 9 } }
    expect(() => applyGeometry(chirp(20, 20, 3), geometry)).toThrow(/resized to 8x8, cropped to 8x9 pixels/)
  })
})

describe('applyGeometryToMask', () => {
  const halves: PixelImage = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 255, 0, 0) }

  it('keeps what is at least half covered', () => {
    const geometry: Geometry = { resize: { width: 2, height: 1 }, resample: 'bilinear', crop: null }
    const resized = resample(halves, { width: 2, height: 1, filter: 'bilinear' })
    expect([...applyGeometryToMask(halves, geometry)]).toEqual([...resized.data].map((level) => (level / 255 >= 0.5 ? 1 : 0)))
    const edge: PixelImage = { width: 3, height: 1, channels: 1, data: Uint8Array.of(127, 128, 255) }
    expect([...applyGeometryToMask(edge, { ...geometry, resize: { width: 3, height: 1 } })]).toEqual([0, 1, 1])
  })

  it('is bilinear even where pictures are not', () => {
    const mask = chirp(60, 40, 1)
    const geometry: Geometry = { resize: { width: 16, height: 16 }, resample: 'lanczos', crop: { width: 10, height: 12 } }
    expect(applyGeometryToMask(mask, geometry)).toEqual(applyGeometryToMask(mask, { ...geometry, resample: 'bilinear' }))
  })

  it('takes the largest channel of a colour mask', () => {
    const red: PixelImage = { width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 100) }
    expect([...applyGeometryToMask(red, { resize: { width: 2, height: 1 }, resample: 'bilinear', crop: null })]).toEqual([1, 0])
  })
})
