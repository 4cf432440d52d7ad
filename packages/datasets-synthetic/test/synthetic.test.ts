import { createHash } from 'node:crypto'
import type { ImageSource, OpenDataset, Sample } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import synthetic from '../src/index.ts'
import { CATEGORIES, renderScene, type SceneRequest } from '../src/render.ts'
import { VISIBLE } from '../src/visible-change.ts'

const PLAIN: SceneRequest = { seed: 0, part: 0, view: 0, width: 96, height: 96, defect: null }
const BY_DEFECT = CATEGORIES.flatMap((category) =>
  category.defects.map((defect) => ({ name: `${category.name} ${defect.name}`, category, defect })),
)

const open = (parameters: object = {}): Promise<OpenDataset> => {
  const result = synthetic.parameters['~standard'].validate(parameters)
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return synthetic.open(null, result.value)
}

const sha256 = ({ data }: PixelImage): string => createHash('sha256').update(data).digest('hex')

async function read(source: ImageSource | undefined): Promise<PixelImage> {
  if (source?.kind !== 'pixels') throw new Error('not made of pixels')
  return source.read()
}

describe('pictures', () => {
  it('are the same bytes on every machine', () => {
    expect(Object.fromEntries(CATEGORIES.map((category) => [category.name, sha256(renderScene(category, PLAIN).image).slice(0, 16)])))
      .toMatchInlineSnapshot(`
      {
        "brushed": "9b51cca35fea666c",
        "lozenge": "f4f1d59bad7a3f9a",
        "terrazzo": "d62623106e2e1fbf",
        "tray": "c9d2da2981e5e1e0",
        "washer": "c2fdec8e4b15b3a3",
        "weave": "5bfca84542a321de",
      }
    `)
  })

  it.each([
    [32, 32],
    [64, 48],
    [40, 100],
    [1024, 768],
  ])('come in any size: %ix%i', (width, height) => {
    for (const category of CATEGORIES) {
      const { image } = renderScene(category, { ...PLAIN, width, height })
      expect([image.width, image.height, image.data.length]).toEqual([width, height, width * height * 3])
    }
  })

  it('differ from part to part, from seed to seed, and by light and grain from view to view', () => {
    for (const category of CATEGORIES) {
      const hashes = [PLAIN, { ...PLAIN, part: 1 }, { ...PLAIN, seed: 1 }, { ...PLAIN, view: 1 }].map((request) =>
        sha256(renderScene(category, request).image),
      )
      expect(new Set(hashes).size).toBe(4)
    }
  })
})

describe.each(BY_DEFECT)('$name', ({ category, defect }) => {
  it('changes the picture visibly inside its mask, and hardly outside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (part) => {
        const request = { ...PLAIN, width: 128, height: 128, part }
        const { image, mask } = renderScene(category, { ...request, defect })
        const sound = renderScene(category, request).image
        let marked = 0
        let largestOutside = 0
        for (let index = 0; index < image.data.length; index++) {
          const inside = mask?.data[Math.floor(index / 3)] === 255
          if (inside) marked += 1 / 3
          else largestOutside = Math.max(largestOutside, Math.abs(image.data[index] - sound.data[index]))
        }
        expect(largestOutside).toBeLessThan(VISIBLE)
        expect(marked).toBeGreaterThan(8)
        expect(marked).toBeLessThan(128 * 128 * 0.3)
      }),
      { numRuns: 12 },
    )
  })

  it('has a saturation area exactly when it is logical, within its mask', () => {
    const { mask, saturationArea } = renderScene(category, { ...PLAIN, width: 256, height: 256, defect })
    const area = mask?.data.filter((value) => value === 255).length ?? 0
    expect(saturationArea === null).toBe(defect.family === 'structural')
    expect(saturationArea ?? 0).toBeLessThan(area * 1.3)
  })
})

describe('the dataset', () => {
  it('publishes a split like MVTec AD: normals to train on, the rest to test', async () => {
    const dataset = await open({ trainNormal: 5, testNormal: 3, testAnomalous: 7 })
    for (const category of dataset.categories) {
      const samples = await dataset.samples(category)
      const count = (split: string, label: string): number =>
        samples.filter((sample) => sample.split === split && sample.label === label).length
      expect([count('train', 'normal'), count('train', 'anomalous'), count('test', 'normal'), count('test', 'anomalous')]).toEqual([
        5, 0, 3, 7,
      ])
      expect(new Set(samples.map((sample) => sample.id)).size).toBe(15)
      expect(samples.map((sample) => sample.id)).toEqual(samples.map((sample) => sample.id).toSorted())
    }
  })

  it('gives each picture the same pixels whatever the counts', async () => {
    const find = async (parameters: object): Promise<Sample | undefined> =>
      (await (await open({ width: 48, height: 48, trainNormal: 2, ...parameters })).samples('tray')).find(
        (sample) => sample.id === 'tray/good/00001',
      )
    const [few, many] = [await find({ testNormal: 0 }), await find({ testNormal: 9, testAnomalous: 90 })]
    expect(sha256(await read(few?.image))).toBe(sha256(await read(many?.image)))
    expect(few?.image).toMatchObject({ fingerprint: many?.image.kind === 'pixels' ? many.image.fingerprint : '' })
  })

  it('gives other fingerprints to other pixels, and to masks', async () => {
    const fingerprints = async (parameters: object): Promise<readonly string[]> =>
      (await (await open({ testAnomalous: 6, ...parameters })).samples('tray')).flatMap((sample) =>
        [sample.image, ...sample.masks.map((mask) => mask.image)].map((source) => (source.kind === 'pixels' ? source.fingerprint : '')),
      )
    const all = [...(await fingerprints({})), ...(await fingerprints({ seed: 1 })), ...(await fingerprints({ width: 128 }))]
    expect(new Set(all).size).toBe(all.length)
  })

  it('has masks for anomalous samples only, with families', async () => {
    const samples = await (await open({ width: 64, height: 64 })).samples('lozenge')
    for (const sample of samples) expect(sample.masks.length).toBe(sample.label === 'anomalous' ? 1 : 0)
    expect(new Set(samples.map((sample) => sample.family))).toEqual(new Set([undefined, 'structural', 'logical']))
    const anomalous = samples.find((sample) => sample.defect === 'missing-bar')
    expect((await read(anomalous?.masks[0]?.image)).data.includes(255)).toBe(true)
  })

  it('groups several views of one part, and then publishes no split', async () => {
    const samples = await (await open({ viewsPerPart: 3, trainNormal: 6, testNormal: 3, testAnomalous: 0 })).samples('washer')
    expect(samples.every((sample) => sample.split === null)).toBe(true)
    const groups = samples.map((sample) => sample.group)
    expect(new Set(groups).size).toBe(3)
    expect(groups.every((group) => groups.filter((other) => other === group).length === 3)).toBe(true)
  })

  it('names the nearest category', async () => {
    await expect((await open()).samples('trey')).rejects.toThrow('did you mean "tray"?')
  })
})
