import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { OpenDataset, Sample } from '@im-iad/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import mtd from '../src/index.ts'

const DATA = resolve(import.meta.dirname, '../../..', process.env['IM_IAD_DATA'] ?? '../shared/data', 'mtd')

/** Each class's first picture, by the publisher's names. */
const FIRST = {
  MT_Blowhole: 'exp1_num_108719',
  MT_Break: 'exp1_num_116934',
  MT_Crack: 'exp1_num_249594',
  MT_Fray: 'exp0_num_797',
  MT_Free: 'exp0_num_743',
  MT_Uneven: 'exp0_num_461',
}

describe('a small copy', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mtd-'))
    for (const [folder, name] of Object.entries(FIRST)) await touch(`${folder}/Imgs/${name}.jpg`, `${folder}/Imgs/${name}.png`)
  })

  afterEach(() => rm(root, { recursive: true }))

  async function touch(...files: readonly string[]): Promise<void> {
    for (const file of files) {
      await mkdir(dirname(join(root, file)), { recursive: true })
      await writeFile(join(root, file), '')
    }
  }

  it('gives each picture its label, defect, mask and tile', async () => {
    const samples = await allSamples(await mtd.open(root, {}))
    expect(samples).toHaveLength(6)
    expect(samples.find((sample) => sample.defect === 'Crack')).toEqual({
      id: 'MT_Crack/Imgs/exp1_num_249594',
      category: 'magnetic-tile',
      split: null,
      label: 'anomalous',
      defect: 'Crack',
      image: { kind: 'file', path: join(root, 'MT_Crack/Imgs/exp1_num_249594.jpg') },
      masks: [{ image: { kind: 'file', path: join(root, 'MT_Crack/Imgs/exp1_num_249594.png') } }],
      group: 'tile-249594',
    })
    expect(samples.find((sample) => sample.label === 'normal')).toEqual({
      id: 'MT_Free/Imgs/exp0_num_743',
      category: 'magnetic-tile',
      split: null,
      label: 'normal',
      image: { kind: 'file', path: join(root, 'MT_Free/Imgs/exp0_num_743.jpg') },
      masks: [],
      group: 'tile-743',
    })
  })

  it('groups a tile over classes, interleaved captures and later captures', async () => {
    await touch(
      'MT_Blowhole/Imgs/exp3_num_853.jpg',
      'MT_Free/Imgs/exp1_num_824.jpg',
      'MT_Free/Imgs/exp1_num_855.jpg',
      'MT_Blowhole/Imgs/exp1_num_108889.jpg',
    )
    const samples = await allSamples(await mtd.open(root, {}))
    const tileOf = (capture: string): string | undefined => samples.find((sample) => sample.id.endsWith(capture))?.group
    expect([tileOf('_797'), tileOf('_824'), tileOf('_853')]).toEqual(['tile-797', 'tile-797', 'tile-797'])
    expect([tileOf('_743'), tileOf('_855')]).toEqual(['tile-743', 'tile-743'])
    expect(tileOf('_108889')).toBe('tile-108719')
  })

  it('says what a half copy lacks', async () => {
    await rm(join(root, 'MT_Crack'), { recursive: true })
    await rm(join(root, 'MT_Fray/Imgs/exp0_num_797.png'))
    const dataset = await mtd.open(root, {})
    expect(dataset.warnings).toContain("MT_Crack/Imgs has no pictures: the publisher's copy has 57.")
    expect(dataset.warnings).toContain("Pictures in MT_Free/Imgs: 1, where the publisher's copy has 952.")
    expect(dataset.warnings).toContain(
      'MT_Fray/Imgs has no mask (.png) for 1 picture (exp0_num_797): pixel metrics need one for every defect.',
    )
    expect((await allSamples(dataset)).find((sample) => sample.defect === 'Fray')?.masks).toEqual([])
  })

  it('leaves the tile open for pictures that are not the publisher’s, and says so', async () => {
    await touch('MT_Free/Imgs/mine.jpg', 'MT_Free/Imgs/exp1_num_7.JPG')
    const dataset = await mtd.open(root, {})
    const foreign = (await allSamples(dataset)).filter((sample) => sample.group === undefined)
    expect(foreign.map((sample) => sample.id)).toEqual(['MT_Free/Imgs/exp1_num_7', 'MT_Free/Imgs/mine'])
    expect(dataset.warnings.join('\n')).toContain('MT_Free/Imgs holds 2 pictures (exp1_num_7, mine), which the publisher')
  })

  it('recognises its own folder, not a parent, and names the nested folder', async () => {
    const parent = dirname(root)
    expect(await mtd.recognizes(root)).toBe(true)
    expect(await mtd.recognizes(parent)).toBe(false)
    const wrapper = await mkdtemp(join(tmpdir(), 'mtd-wrapper-'))
    await mkdir(join(wrapper, 'Magnetic-tile-defect-datasets.-master/MT_Free/Imgs'), { recursive: true })
    expect(await mtd.recognizes(wrapper)).toBe(false)
    await expect(mtd.open(wrapper, {})).rejects.toMatchObject({
      code: 'IM_IAD_E_DATA_LAYOUT',
      facts: { fix: `--data-root "${join(wrapper, 'Magnetic-tile-defect-datasets.-master')}"` },
    })
    await rm(wrapper, { recursive: true })
  })

  it('refuses a folder without the layout by saying what is there', async () => {
    const other = await mkdtemp(join(tmpdir(), 'mtd-other-'))
    await expect(mtd.open(other, {})).rejects.toMatchObject({ facts: { found: `${other} holds nothing` } })
    await mkdir(join(other, 'train'))
    await writeFile(join(other, 'readme.txt'), '')
    await expect(mtd.open(other, {})).rejects.toMatchObject({ facts: { found: `${other} holds train/, readme.txt` } })
    await rm(other, { recursive: true })
  })

  it('has one category', async () => {
    const dataset = await mtd.open(root, {})
    expect(dataset.categories).toEqual(['magnetic-tile'])
    await expect(dataset.samples('magnetic-tiles')).rejects.toMatchObject({ code: 'IM_IAD_E_CATEGORY' })
  })
})

describe('parameters', () => {
  it('take nothing', () => {
    expect(mtd.parameters['~standard'].validate({})).toEqual({ value: {} })
    expect(mtd.parameters['~standard'].validate({ split: 'image' })).toHaveProperty('issues')
  })
})

const copy = existsSync(join(DATA, 'MT_Free')) ? describe : describe.skip

copy(`the publisher's copy in ${DATA} (skipped where it is not there)`, () => {
  it('has no warnings, and a mask for every defect', async () => {
    const dataset = await mtd.open(DATA, {})
    const samples = await allSamples(dataset)
    expect(dataset.warnings).toEqual([])
    const anomalous = samples.filter((sample) => sample.label === 'anomalous')
    expect(anomalous.filter((sample) => sample.masks.length !== 1)).toEqual([])
  })

  it('shows 215 tiles, 154 with normal pictures, five of those also with a defect', async () => {
    const samples = await allSamples(await mtd.open(DATA, {}))
    const tiles = groupByTile(samples)
    expect(tiles.size).toBe(215)
    const normal = [...tiles].filter(([, members]) => members.some((sample) => sample.label === 'normal'))
    expect(normal).toHaveLength(154)
    const both = normal.filter(([, members]) => members.some((sample) => sample.label === 'anomalous')).map(([tile]) => tile)
    expect(both.toSorted()).toEqual(['tile-116934', 'tile-148923', 'tile-331149', 'tile-346311', 'tile-797'])
  })
})

async function allSamples(dataset: OpenDataset): Promise<readonly Sample[]> {
  return (await Promise.all(dataset.categories.map((category) => dataset.samples(category)))).flat()
}

function groupByTile(samples: readonly Sample[]): Map<string | undefined, Sample[]> {
  const groups = new Map<string | undefined, Sample[]>()
  for (const sample of samples) groups.set(sample.group, [...(groups.get(sample.group) ?? []), sample])
  return groups
}
