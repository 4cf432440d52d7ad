import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeImage, encodeJpeg, encodePng, resample, type PixelImage } from '@im-iad/images'
import { describe, expect, it } from 'vitest'
import type { Sample } from '../dist/index.js'
import { fingerprintSamples, markCopies, openFileHashes } from '../dist/machinery.js'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { temporaryFolder, toyPlan, toyRun } from './support/toy-run.ts'

/** Repeatable numbers in [0, 1). */
const numbers = (seed: number): (() => number) => {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A picture of a part: smooth shading and grain of its own. */
const part = (seed: number, width: number = 280, height: number = 240): PixelImage => {
  const uniform = numbers(seed)
  const waves = Array.from({ length: 6 }, () => [uniform() / 12, uniform() / 12, uniform() * 7, 8 + 20 * uniform()] as const)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const level = waves.reduce((sum, [fx, fy, phase, size]) => sum + size * Math.sin(fx * x + fy * y + phase), 120) + 12 * uniform()
      for (let channel = 0; channel < 3; channel++)
        data[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, Math.round(level + 5 * channel)))
    }
  return { width, height, channels: 3, data }
}

/** The same scene under a fixed camera, photographed anew: brightness and sensor noise differ. */
const lookAlike = (seed: number): PixelImage => {
  const uniform = numbers(seed + 1000)
  const scene = part(1)
  const gain = 1 + 0.01 * (uniform() - 0.5)
  return { ...scene, data: scene.data.map((level) => Math.max(0, Math.min(255, Math.round(level * gain + 7 * (uniform() - 0.5))))) }
}

const resized = (picture: PixelImage, factor: number): PixelImage =>
  resample(picture, {
    width: Math.round(picture.width * factor),
    height: Math.round(picture.height * factor),
    filter: 'bilinear',
  })

type Files = Readonly<Record<string, Uint8Array>>

/** Writes files and asks which of them are copies; ids are names. */
async function copiesAmong(files: Files, cacheDirectory?: string): Promise<Readonly<Record<string, string>>> {
  const folder = await temporaryFolder()
  const samples: Sample[] = []
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name)
    await writeFile(path, bytes)
    samples.push({ id: name, category: 'part', split: null, label: 'normal', image: { kind: 'file', path }, masks: [] })
  }
  const cache = cacheDirectory ?? (await temporaryFolder())
  const fingerprinted = await fingerprintSamples(samples, await openFileHashes(cache, folder))
  const facts = await markCopies({ samples: fingerprinted, cacheDirectory: cache, scope: 'a dataset' })
  return Object.fromEntries(facts.flatMap(({ id, copyOf }) => (copyOf === undefined ? [] : [[id, copyOf]])))
}

const distinct = async (count: number): Promise<Files> =>
  Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: count },
        async (_, index) => [`${String(index).padStart(2, '0')}.png`, await encodePng(part(index + 1))] as const,
      ),
    ),
  )

describe('copies of pictures', () => {
  it.each<readonly [string, (original: PixelImage) => Promise<Uint8Array>]>([
    ['renamed', encodePng],
    ['JPEG of quality 50', (original) => encodeJpeg(original, 50)],
    ['JPEG of quality 75', (original) => encodeJpeg(original, 75)],
    ['JPEG of quality 95', (original) => encodeJpeg(original, 95)],
    ['encoded twice', async (original) => encodeJpeg(await decodeImage(await encodeJpeg(original, 60), 'once'), 80)],
    ['at 80 % of the size', (original) => encodePng(resized(original, 0.8))],
    ['at 150 % of the size, as JPEG', (original) => encodeJpeg(resized(original, 1.5), 75)],
  ])('are found: %s', async (_name, copy) => {
    const files = await distinct(12)
    expect(await copiesAmong({ ...files, 'zz-copy': await copy(part(4)) })).toEqual({ '03.png': '03.png', 'zz-copy': '03.png' })
  })

  it('hang together in chains, under the first of them', async () => {
    const copies = { 'aa.jpg': await encodeJpeg(part(4), 50), 'zz.jpg': await encodeJpeg(part(4), 95) }
    expect(await copiesAmong({ ...copies, ...(await distinct(12)) })).toEqual({
      'aa.jpg': 'aa.jpg',
      '03.png': 'aa.jpg',
      'zz.jpg': 'aa.jpg',
    })
  })

  it('are not what merely looks alike: parts under a fixed camera', async () => {
    const files = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => [`${index}.png`, await encodePng(lookAlike(index))] as const),
    )
    expect(await copiesAmong(Object.fromEntries(files))).toEqual({})
  })

  it('are not blank pictures: these show nothing to know them by', async () => {
    const blank = await encodePng({ width: 40, height: 40, channels: 1, data: new Uint8Array(1600).fill(90) })
    expect(await copiesAmong({ ...(await distinct(8)), 'x.png': blank, 'y.png': blank })).toEqual({})
  })

  it('are known the second time without decoding, and again when what is remembered is damaged', async () => {
    const cache = await temporaryFolder()
    const files = { ...(await distinct(8)), 'zz.jpg': await encodeJpeg(part(2), 50) }
    const expected = await copiesAmong(files, cache)
    const [name = ''] = await readdir(join(cache, 'thumbnails'))
    const file = join(cache, 'thumbnails', name)
    const written = await readFile(file)
    expect(await copiesAmong(files, cache)).toEqual(expected)
    expect(written.equals(await readFile(file))).toBe(true)
    await writeFile(file, written.subarray(0, -1))
    expect(await copiesAmong(files, cache)).toEqual(expected)
    expect(written.equals(await readFile(file))).toBe(true)
  })

  it('are looked for without a cache folder that can be written, and pass over what is no picture', async () => {
    const cache = join(await temporaryFolder(), 'file')
    await writeFile(cache, 'no folder')
    const files = { ...(await distinct(8)), 'broken.png': new TextEncoder().encode('no picture'), 'zz.jpg': await encodeJpeg(part(2), 75) }
    expect(await copiesAmong(files, cache)).toEqual({ '01.png': '01.png', 'zz.jpg': '01.png' })
  })
})

describe('an experiment whose paradigm separates copies', () => {
  it('is refused, and names the pictures', async () => {
    const seeds = [0, 1, 2, 3, 4, 5]
    const { records } = await toyRun(await toyPlan({ seeds, settings: [parseSetting('toy.variant=copied')] }))
    const failed = records.filter((record) => record.status === 'failed')
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.length).toBeLessThan(seeds.length)
    for (const { error } of failed) {
      expect(error?.code).toBe('IM_IAD_E_LEAK')
      expect(error?.message).toContain('one is a re-encoded or resized copy of the other')
      expect(error?.message).toMatch(/"left\/normal\/0".*"left\/normal\/7"|"left\/normal\/7".*"left\/normal\/0"/)
    }
  })

  it('is not where pictures only look alike', async () => {
    const { records } = await toyRun(await toyPlan({ seeds: [0, 1, 2], settings: [parseSetting('toy.variant=textured')] }))
    expect(records.map((record) => record.status)).toEqual(['done', 'done', 'done'])
  })
})
