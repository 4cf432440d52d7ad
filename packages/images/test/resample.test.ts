import { createHash } from 'node:crypto'
import { assert, constantFrom, integer, pre, property, record } from 'fast-check'
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

const sides = integer({ min: 1, max: 40 })
const channelCounts = constantFrom<1 | 3>(1, 3)
const filters = constantFrom<ResampleFilter>('bilinear', 'lanczos')

/** Pictures of noise. */
const pictures = record({ width: sides, height: sides, channels: channelCounts, seed: integer() }).map(
  ({ width, height, channels, seed }): PixelImage => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, index) => Math.imul(index ^ seed, 0x9e3779b1) >>> 24)
    return { width, height, channels, data }
  },
)

describe('properties', () => {
  it('keeps a constant picture constant', () => {
    assert(
      property(
        sides,
        sides,
        sides,
        sides,
        channelCounts,
        filters,
        integer({ min: 0, max: 255 }),
        (width, height, toWidth, toHeight, channels, filter, level) => {
          const image: PixelImage = { width, height, channels, data: new Uint8Array(width * height * channels).fill(level) }
          const { data } = resample(image, { width: toWidth, height: toHeight, filter })
          expect(new Set(data)).toEqual(new Set([level]))
        },
      ),
    )
  })

  it('leaves a picture as it is when its size stays', () => {
    assert(
      property(pictures, filters, (image, filter) => {
        expect(resample(image, { width: image.width, height: image.height, filter })).toEqual(image)
      }),
    )
  })

  it('stays within the range of levels with the bilinear filter', () => {
    assert(
      property(pictures, sides, sides, (image, width, height) => {
        const { data } = resample(image, { width, height, filter: 'bilinear' })
        expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...image.data))
        expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...image.data))
      }),
    )
  })

  it('treats the channels of a colour picture like three grey pictures', () => {
    assert(
      property(pictures, sides, sides, filters, (grey, width, height, filter) => {
        pre(grey.channels === 1)
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
