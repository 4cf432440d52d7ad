import type { FeatureMap, ImageBatch } from '@im-iad/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEVELS } from '../src/levels.ts'
import { openEmbeddedBackbone } from '../src/open-embedded-backbone.ts'
import reference from './fixtures/reference.json' with { type: 'json' }
import { picture, referencePattern } from './picture.ts'

type Extractor = Awaited<ReturnType<typeof openEmbeddedBackbone>>

let backbone: Extractor
beforeAll(async () => {
  backbone = await openEmbeddedBackbone({ threads: 1 })
})
afterAll(() => backbone.dispose())

const referencePicture = picture(reference.width, reference.height, referencePattern)

async function featuresAt(batch: ImageBatch, stride: number): Promise<FeatureMap> {
  const [features] = await backbone.extract(batch, [stride])
  if (features === undefined) throw new Error(`no features at stride ${stride}`)
  return features
}

/** The value at a position of the first picture. */
function at({ width, level, data }: FeatureMap, x: number, y: number, channel: number): number {
  return data[(y * width + x) * level.channels + channel]
}

function position(features: FeatureMap, x: number, y: number): number[] {
  return Array.from({ length: features.level.channels }, (_, channel) => at(features, x, y, channel))
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  return Array.from(left, (value, index) => Math.abs(value - right[index])).reduce((largest, value) => Math.max(largest, value), 0)
}

/** The energies alone, without the two colour channels at the end. */
function energies({ level, data }: FeatureMap): Float32Array {
  return data.filter((_, index) => index % level.channels < level.channels - 2)
}

describe('the embedded backbone', () => {
  it.each([
    [256, 256],
    [96, 64],
    [16, 48],
  ])('gives levels of stride 4, 8 and 16 for %ix%i', async (width, height) => {
    const features = await backbone.extract(picture(width, height, referencePattern), [16, 4, 8])
    expect(
      features.map(({ level, height: rows, width: columns, data }) => [level.stride, level.channels, rows, columns, data.length]),
    ).toEqual([
      [16, 42, height / 16, width / 16, (42 * height * width) / 256],
      [4, 26, height / 4, width / 4, (26 * height * width) / 16],
      [8, 34, height / 8, width / 8, (34 * height * width) / 64],
    ])
  })

  it('equals the formula computed in float64 with NumPy and SciPy', async () => {
    expect(referencePicture.pixels.reduce((total, value) => total + value, 0)).toBe(reference.pixelSum)
    for (const expected of reference.levels) {
      const features = await featuresAt(referencePicture, expected.stride)
      const { height, width, level, data } = features
      expect([height, width, level.channels]).toEqual(expected.shape)
      const means = new Float64Array(level.channels)
      const maxima = new Float64Array(level.channels).fill(-Infinity)
      for (const [index, value] of data.entries()) {
        means[index % level.channels] += value / (height * width)
        maxima[index % level.channels] = Math.max(maxima[index % level.channels], value)
      }
      expect(largestDifference(means, expected.channelMeans)).toBeLessThan(1e-5)
      expect(largestDifference(maxima, expected.channelMaxima)).toBeLessThan(5e-5)
      expect(largestDifference(position(features, 0, 0), expected.topLeft)).toBeLessThan(5e-5)
      expect(largestDifference(position(features, width - 1, height - 1), expected.bottomRight)).toBeLessThan(5e-5)
    }
  })

  it('does not see brightness', async () => {
    const brighter = picture(reference.width, reference.height, (x, y, channel) => referencePattern(x, y, channel) + 20)
    for (const { stride } of LEVELS)
      expect(largestDifference((await featuresAt(brighter, stride)).data, (await featuresAt(referencePicture, stride)).data)).toBeLessThan(
        1e-3,
      )
  })

  it('hardly sees contrast in the energies, and halves the colours with it', async () => {
    const full = picture(reference.width, reference.height, (...where) => 2 * Math.floor(referencePattern(...where) / 2))
    const half = picture(reference.width, reference.height, (...where) => Math.floor(referencePattern(...where) / 2))
    const [strong, weak] = [await featuresAt(full, 8), await featuresAt(half, 8)]
    expect(largestDifference(energies(weak), energies(strong))).toBeLessThan(0.02)
    const [redGreen, yellowBlue] = [32, 33]
    for (const channel of [redGreen, yellowBlue]) expect(at(weak, 7, 2, channel)).toBeCloseTo(at(strong, 7, 2, channel) / 2, 4)
  })

  it('turns with the picture: a quarter turn moves every orientation by four', async () => {
    const size = 64
    const turned = picture(size, size, (x, y, channel) => referencePattern(y, size - 1 - x, channel))
    const [straight, rotated] = [await featuresAt(picture(size, size, referencePattern), 8), await featuresAt(turned, 8)]
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++)
        for (let channel = 0; channel < 32; channel++) {
          const across = channel - (channel % 8) + ((channel + 4) % 8)
          expect(at(rotated, 7 - y, x, across)).toBeCloseTo(at(straight, x, y, channel), 4)
        }
  })

  it('is zero in a grey picture without structure, up to its borders', async () => {
    for (const { stride } of LEVELS) {
      const { data } = await featuresAt(
        picture(64, 64, () => 77),
        stride,
      )
      expect(data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)).toBeLessThan(1e-2)
    }
  })

  it.each([
    ['vertical', 0],
    ['horizontal', 4],
  ] as const)('answers %s stripes with orientation %i', async (direction, orientation) => {
    const stripes = await featuresAt(
      picture(64, 64, (x, y) => ((direction === 'vertical' ? x : y) % 4 < 2 ? 90 : 160)),
      4,
    )
    const finest = position(stripes, 8, 8).slice(0, 8)
    expect(finest.indexOf(Math.max(...finest))).toBe(orientation)
  })

  it('refuses a size that is no multiple of 16, naming it', async () => {
    const plain = picture(100, 64, () => 0)
    await expect(backbone.extract(plain, [8])).rejects.toThrow(/pictures of 100x64[^]*multiples of 16/)
  })
})
