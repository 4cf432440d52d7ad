import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GraphBuilder, openSession } from '@im-iad/onnx'
import { openWeights } from '@im-iad/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HEADS, LEVELS, NORMALIZED_UNITS } from '../src/architecture.ts'
import learned from '../src/index.ts'
import { NORMALIZATION } from '../src/normalization.ts'
import { openLearnedBackbone } from '../src/open-learned-backbone.ts'
import { networkWeights, WEIGHTS_FILE } from '../src/read-weights.ts'
import { scenes } from './support/picture.ts'

type Extractor = Awaited<ReturnType<typeof openLearnedBackbone>>

let backbone: Extractor
beforeAll(async () => {
  backbone = await openLearnedBackbone({ threads: 1 })
})
afterAll(() => backbone.dispose())

const STRIDES = [4, 8, 16]

describe('the learned backbone', () => {
  it('is the file that its definition names, of half precision and at most 8 MB', async () => {
    const bytes = readFileSync(WEIGHTS_FILE)
    expect(bytes.length).toBeLessThanOrEqual(8e6)
    expect(learned.weights).toMatchObject({ kind: 'packaged', sha256: createHash('sha256').update(bytes).digest('hex') })
    const file = await openWeights(WEIGHTS_FILE)
    const units = [...NORMALIZED_UNITS, ...HEADS.map(({ unit }) => unit)]
    expect([...file.tensors.keys()].toSorted()).toEqual(units.flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]).toSorted())
    expect(new Set([...file.tensors.values()].map(({ type }) => type))).toEqual(new Set(['F16']))
    await file.close()
  })

  it('announces the levels and the normalisation that its network has', () => {
    expect(learned.levels).toEqual(LEVELS)
    expect(backbone.levels).toEqual(LEVELS)
    expect(learned.normalization).toEqual(NORMALIZATION)
  })

  it.each([
    [256, 256],
    [64, 96],
    [16, 16],
  ])('gives every level for pictures of %ix%i', async (width, height) => {
    const pixels = new Uint8Array(2 * width * height * 3).fill(100)
    const features = await backbone.extract({ count: 2, width, height, pixels }, [16, 4, 8])
    expect(features.map(({ level, height: rows, width: columns, data }) => [level.stride, rows, columns, data.length])).toEqual(
      [16, 4, 8].map((stride) => {
        const channels = LEVELS.find((level) => level.stride === stride)?.channels ?? 0
        return [stride, height / stride, width / stride, (2 * height * width * channels) / stride ** 2]
      }),
    )
  })

  it('tells structure from its absence at every level', async () => {
    const size = 64
    const plain = { count: 1, width: size, height: size, pixels: new Uint8Array(size * size * 3).fill(127) }
    const [flat, structured] = [await backbone.extract(plain, STRIDES), await backbone.extract(scenes(1, size), STRIDES)]
    for (const [index, { data }] of structured.entries()) {
      const distance = Math.sqrt(data.reduce((sum, value, place) => sum + (value - flat[index].data[place]) ** 2, 0) / data.length)
      expect(distance).toBeGreaterThan(0.05)
    }
  })

  it('writes into another graph what it computes, coarsest level or not', async () => {
    const size = 64
    const pictures = scenes(2, size)
    for (const strides of [[8], [16, 4]]) {
      const builder = new GraphBuilder('traced')
      const frames = { value: builder.input('frames', ['batch', size, size, 3]), height: size, width: size }
      const traced = await backbone.trace?.(builder, frames, strides)
      for (const [index, { value, height, width, channels }] of (traced?.levels ?? []).entries())
        builder.output(`level${index}`, value, ['batch', height, width, channels])
      const session = await openSession(builder.build(), { threads: 1 })
      const results = await session.run({ frames: { shape: [2, size, size, 3], data: Float32Array.from(pictures.pixels) } })
      const features = await backbone.extract(pictures, strides)
      expect(results.size).toBe(strides.length)
      for (const [index, { data }] of features.entries()) {
        const written = results.get(`level${index}`)?.data ?? new Float32Array()
        expect(written).toHaveLength(data.length)
        expect(data.every((value, place) => Math.abs(value - written[place]) < 1e-4)).toBe(true)
      }
      await session.dispose()
    }
  })

  it('refuses a stride that it does not have, naming those it has', async () => {
    await expect(backbone.extract(scenes(1, 32), [32])).rejects.toThrow(/no level of stride 32[^]*4, 8, 16/)
  })

  it('refuses a size that is no multiple of 16, naming it', async () => {
    await expect(backbone.extract({ count: 1, width: 100, height: 64, pixels: new Uint8Array(19200) }, [8])).rejects.toThrow(
      /pictures of 100x64[^]*multiples of 16/,
    )
  })

  it('says what is wrong with weights that are not its own', () => {
    const [unit] = NORMALIZED_UNITS
    const weights = networkWeights(new Map([[`${unit.name}.weight`, { shape: [2, 2], data: new Float32Array(4) }]]), 'some-file')
    expect(() => weights.of(unit)).toThrow(/some-file[^]*"stem\.0\.weight" is \[2, 2\] in it, \[24, 3, 3, 3\] in the network/)
    expect(() => networkWeights(new Map(), 'some-file').of(unit)).toThrow(/some-file[^]*holds no "stem\.0\.weight"/)
  })
})
