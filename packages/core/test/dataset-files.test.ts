import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { datasetOfSamples, listFolder, type Sample } from '../src/index.ts'

describe('listFolder', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'list-folder-'))
  })

  afterEach(() => rm(root, { recursive: true }))

  it('sorts by code unit, follows links and passes over hidden files and leftovers', async () => {
    for (const name of ['b.png', 'B.png', 'a.png', '.hidden.png', 'Thumbs.db', 'desktop.ini']) await writeFile(join(root, name), '')
    for (const name of ['z', '.git', '__MACOSX']) await mkdir(join(root, name))
    await symlink(join(root, 'z'), join(root, 'link'))
    await symlink(join(root, 'nowhere'), join(root, 'broken.png'))
    expect(await listFolder(root)).toEqual({ files: ['B.png', 'a.png', 'b.png', 'broken.png'], folders: ['link', 'z'] })
  })

  it('is null for what is no folder', async () => {
    await writeFile(join(root, 'file'), '')
    expect(await listFolder(join(root, 'absent'))).toBeNull()
    expect(await listFolder(join(root, 'file'))).toBeNull()
  })
})

describe('datasetOfSamples', () => {
  const sample = (id: string, category: string): Sample => ({
    id,
    category,
    split: null,
    label: 'normal',
    image: { kind: 'file', path: id },
    masks: [],
  })
  const dataset = datasetOfSamples('toy', [sample('b', 'screw'), sample('c', 'bolt'), sample('a', 'screw')], ['half a copy'])

  it('sorts categories and samples', async () => {
    expect(dataset.categories).toEqual(['bolt', 'screw'])
    expect((await dataset.samples('screw')).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(dataset.warnings).toEqual(['half a copy'])
  })

  it('refuses an unknown category by the nearest', async () => {
    await expect(dataset.samples('skrew')).rejects.toMatchObject({ code: 'IM_IAD_E_CATEGORY', facts: { fix: 'did you mean "screw"?' } })
  })
})
