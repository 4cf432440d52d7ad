import { createHash } from 'node:crypto'
import type { ImageSource, OpenDataset } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import synthetic from '../src/index.ts'
import { CATEGORIES, renderPicture, renderScene, type SceneRequest } from '../src/render.ts'
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

/** The mean absolute difference inside a mask, in grey levels over all channels, that every defect must exceed. */
const FLOOR = 4

const sha256 = ({ data }: PixelImage): string => createHash('sha256').update(data).digest('hex')

async function read(source: ImageSource | undefined): Promise<PixelImage> {
  if (source?.kind !== 'pixels') throw new Error('not made of pixels')
  return source.read()
}

const fingerprintsById = async (counts: object): Promise<ReadonlyMap<string, string>> =>
  new Map((await (await open(counts)).samples('tray')).map(({ id, image }) => [id, image.kind === 'pixels' ? image.fingerprint : '']))

const hashesOf = async (sources: readonly ImageSource[]): Promise<readonly string[]> =>
  Promise.all(sources.map(async (source) => sha256(await read(source))))

const allFingerprints = async (parameters: object): Promise<readonly string[]> =>
  (await (await open({ testAnomalous: 6, ...parameters })).samples('tray')).flatMap((sample) =>
    [sample.image, ...sample.masks.map((mask) => mask.image)].map((source) => (source.kind === 'pixels' ? source.fingerprint : '')),
  )

describe('pictures', () => {
  it('are the same bytes on every machine', () => {
    expect(Object.fromEntries(CATEGORIES.map((category) => [category.name, sha256(renderScene(category, PLAIN).image).slice(0, 16)])))
      .toMatchInlineSnapshot(`
      {
        "brushed": "2af4363a97f444fb",
        "lozenge": "8b6169c932056cf3",
        "terrazzo": "bb1edc1e4f33fa13",
        "tray": "a09adf8038cfb35f",
        "washer": "77a5b4ccad6bebe2",
        "weave": "1836b4e99137457a",
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
    assert(
      property(integer({ min: 0, max: 1000 }), (part) => {
        const request = { ...PLAIN, width: 128, height: 128, part }
        const { image, mask } = renderScene(category, { ...request, defect })
        const sound = renderPicture(category, request)
        let marked = 0
        let largestOutside = 0
        let changeInside = 0
        for (let index = 0; index < image.data.length; index++) {
          const inside = mask?.data[Math.floor(index / 3)] === 255
          const change = Math.abs(image.data[index] - sound.data[index])
          if (inside) marked += 1 / 3
          if (inside) changeInside += change
          else largestOutside = Math.max(largestOutside, change)
        }
        expect(largestOutside).toBeLessThan(VISIBLE)
        expect(marked).toBeGreaterThan(3)
        expect(changeInside / (3 * marked)).toBeGreaterThan(FLOOR)
        expect(marked).toBeLessThan(128 * 128 * 0.3)
      }),
      { numRuns: 12, seed: 1 },
    )
  })

  it('has a mask that is not empty, even in the smallest picture', () => {
    for (let part = 0; part < 20; part++)
      expect(renderScene(category, { ...PLAIN, width: 32, height: 40, part, defect }).mask?.data).toContain(255)
  })

  it('has a saturation area exactly when it is logical, within its mask', () => {
    const { mask, saturationArea } = renderScene(category, { ...PLAIN, width: 256, height: 256, defect })
    const area = mask?.data.filter((value) => value === 255).length ?? 0
    expect(saturationArea === null).toBe(defect.family === 'structural')
    expect(saturationArea ?? 0).toBeLessThanOrEqual(area)
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
    }
  })

  it('gives each picture the same pixels whatever the counts of the others', async () => {
    const few = await fingerprintsById({ trainNormal: 2, testNormal: 1, testAnomalous: 3 })
    const many = await fingerprintsById({ trainNormal: 30, testNormal: 20, testAnomalous: 60 })
    expect(few.size).toBe(6)
    for (const [id, fingerprint] of few) expect(many.get(id)).toBe(fingerprint)
  })

  it('renders the same bytes in any order', async () => {
    const samples = (
      await (await open({ width: 48, height: 48, trainNormal: 2, testNormal: 2, testAnomalous: 4 })).samples('washer')
    ).flatMap(({ image, masks }) => [image, ...masks.map((mask) => mask.image)])
    expect((await hashesOf(samples.toReversed())).toReversed()).toEqual(await hashesOf(samples))
  })

  it('gives other fingerprints to other pixels, and to masks', async () => {
    const all = [...(await allFingerprints({})), ...(await allFingerprints({ seed: 1 })), ...(await allFingerprints({ width: 128 }))]
    expect(new Set(all).size).toBe(all.length)
  })

  it('has structural and logical defects', async () => {
    const samples = await (await open({ width: 64, height: 64 })).samples('lozenge')
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

  it('gives a part one state in all of its views', async () => {
    const samples = await (await open({ viewsPerPart: 4, trainNormal: 6, testNormal: 3, testAnomalous: 20 })).samples('washer')
    const states = new Map<string | undefined, Set<string | undefined>>()
    for (const { group, defect } of samples) states.set(group, (states.get(group) ?? new Set()).add(defect))
    expect(states.size).toBe(8)
    for (const defects of states.values()) expect(defects.size).toBe(1)
  })

  it('names the nearest category', async () => {
    await expect((await open()).samples('trey')).rejects.toThrow('did you mean "tray"?')
  })
})
