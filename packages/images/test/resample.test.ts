import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resample, type PixelImage, type ResampleFilter } from '../src/index.ts'
import { chirp } from './support/chirp.ts'
import { readFixture } from './support/read-fixture.ts'

interface Case {
  readonly from: Pick<PixelImage, 'width' | 'height' | 'channels'>
  readonly to: { readonly width: number; readonly height: number; readonly filter: ResampleFilter }
  readonly sha256: string
  readonly firstLevels: readonly number[]
}

const { cases } = readFixture<{ readonly cases: readonly Case[] }>('pillow-resampling.json')

describe('equals Pillow, bit for bit', () => {
  it.each(cases)(
    '$from.width x $from.height x $from.channels to $to.width x $to.height, $to.filter',
    ({ from, to, sha256, firstLevels }) => {
      const { data, ...size } = resample(chirp(from.width, from.height, from.channels), to)
      expect(size).toEqual({ width: to.width, height: to.height, channels: from.channels })
      expect([...data.subarray(0, 12)]).toEqual(firstLevels)
      expect(createHash('sha256').update(data).digest('hex')).toBe(sha256)
    },
  )
})

const side = fc.integer({ min: 1, max: 40 })
const channels = fc.constantFrom<1 | 3>(1, 3)
const filter = fc.constantFrom<ResampleFilter>('bilinear', 'lanczos')

/** Pictures of noise. */
const picture = fc
  .record({ width: side, height: side, channels, seed: fc.integer() })
  .map(({ width, height, channels, seed }): PixelImage => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, index) => Math.imul(index ^ seed, 0x9e3779b1) >>> 24)
    return { width, height, channels, data }
  })

describe('properties', () => {
  it('keeps a constant picture constant', () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        channels,
        filter,
        fc.integer({ min: 0, max: 255 }),
        (width, height, toWidth, toHeight, channels, filter, level) => {
          const image: PixelImage = { width, height, channels, data: new Uint8Array(width * height * channels).fill(level) }
          const { data } = resample(image, { width: toWidth, height: toHeight, filter })
          expect(new Set(data)).toEqual(new Set([level]))
        },
      ),
    )
  })

  it('leaves a picture as it is when its size stays', () => {
    fc.assert(
      fc.property(picture, filter, (image, filter) => {
        expect(resample(image, { width: image.width, height: image.height, filter })).toEqual(image)
      }),
    )
  })

  it('stays within the range of levels with the bilinear filter', () => {
    fc.assert(
      fc.property(picture, side, side, (image, width, height) => {
        const { data } = resample(image, { width, height, filter: 'bilinear' })
        expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...image.data))
        expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...image.data))
      }),
    )
  })

  it('treats the channels of a colour picture like three grey pictures', () => {
    fc.assert(
      fc.property(picture, side, side, filter, (grey, width, height, filter) => {
        fc.pre(grey.channels === 1)
        const color: PixelImage = {
          ...grey,
          channels: 3,
          data: Uint8Array.from({ length: grey.data.length * 3 }, (_, index) => grey.data[Math.floor(index / 3)]),
        }
        const wanted = resample(grey, { width, height, filter })
        const got = resample(color, { width, height, filter })
        for (let channel = 0; channel < 3; channel++) expect(got.data.filter((_, index) => index % 3 === channel)).toEqual(wanted.data)
      }),
    )
  })
})
