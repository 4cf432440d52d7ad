import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Sample } from '@im-iad/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import folder from '../src/index.ts'
import { DEFAULTS, type FolderParameters } from '../src/parameters.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'manifest-'))
  await write({ 'a.png': '', 'sub/b.jpg': '', 'sub/b-mask.png': '', 'c.png': '' })
})

afterEach(() => rm(root, { recursive: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), content)
  }
}

/** A file that is no file. */
function openSocket(path: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(server))
  })
}

async function read(
  parameters: Partial<FolderParameters> = {},
): Promise<{ readonly samples: readonly Sample[]; readonly warnings: readonly string[] }> {
  const dataset = await folder.open(root, { ...DEFAULTS, ...parameters })
  const samples = await Promise.all(dataset.categories.map((category) => dataset.samples(category)))
  return { samples: samples.flat(), warnings: dataset.warnings }
}

/** The faults that a manifest.csv is refused for. */
async function fault(manifest: string): Promise<unknown> {
  await write({ 'manifest.csv': manifest })
  return read().then(
    () => 'accepted',
    (error: { readonly code: string; readonly facts: { readonly problem: string } }) => `${error.code}: ${error.facts.problem}`,
  )
}

const FULL = (): Sample => ({
  id: 'sub/b',
  category: 'bolt',
  split: 'test',
  label: 'anomalous',
  defect: 'dent',
  image: { kind: 'file', path: join(root, 'sub/b.jpg') },
  masks: [{ image: { kind: 'file', path: join(root, 'sub/b-mask.png') } }],
  group: '17',
})

describe('a manifest', () => {
  it('in CSV gives every column of a sample', async () => {
    await write({
      'manifest.csv':
        '\uFEFFImage,Label,mask,split,group,defect,category\r\nsub/b.jpg,NG,sub/b-mask.png,TEST,17,dent,bolt\r\n"a.png",good,,,,,\r\n',
    })
    const { samples, warnings } = await read()
    expect(samples).toEqual(
      [
        FULL(),
        { id: 'a', category: basename(root), split: null, label: 'normal', image: { kind: 'file', path: join(root, 'a.png') }, masks: [] },
      ].toSorted((left, right) => (left.category < right.category ? -1 : 1)),
    )
    expect(warnings).toEqual([])
  })

  it('in JSON Lines gives the same, and several masks', async () => {
    await write({
      'manifest.jsonl': `{"image":"sub/b.jpg","label":1,"mask":"sub/b-mask.png","split":"test","group":17,"defect":"dent","category":"bolt"}\n\n{"image":"a.png","label":"bad","mask":["sub/b-mask.png","c.png"],"category":"bolt","split":null}\n`,
    })
    const { samples } = await read()
    expect(samples[1]).toEqual(FULL())
    expect(samples[0]?.masks).toHaveLength(2)
  })

  it('may use semicolons or tabs', async () => {
    await write({ 'manifest.csv': 'image;label\na.png;good\n' })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['a'])
    await write({ 'manifest.csv': 'image\tlabel\nc.png\tgood\n' })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['c'])
  })

  it('may stand elsewhere; its paths are taken from there', async () => {
    await write({ 'sub/list.csv': 'image,label\nb.jpg,good\n../a.png,0\n' })
    expect((await read({ manifest: 'sub/list.csv' })).samples.map((sample) => sample.id)).toEqual(['a', 'sub/b'])
    await expect(read({ manifest: 'list.csv' })).rejects.toMatchObject({
      code: 'IM_IAD_E_DATA_MANIFEST',
      facts: { found: `looked for ${join(root, 'list.csv')}` },
    })
  })

  it('may name absolute paths below the data root, and none outside', async () => {
    await write({ 'manifest.csv': `image,label\n${join(root, 'a.png')},good\n` })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['a'])
    expect(await fault('image,label\n../x.png,good\n')).toBe(
      `IM_IAD_E_DATA_MANIFEST: line 2: ${join(dirname(root), 'x.png')} is not below the data root ${root}`,
    )
    expect(await fault('image,label,mask\na.png,bad,/etc/passwd\n')).toContain('line 2: /etc/passwd is not below')
  })

  it('refuses ways out of the data root that go through folders in it', async () => {
    for (const path of ['sub/../../x.png', './../x.png', `${root}/../x.png`, '..'])
      expect(await fault(`image,label\n${path},good\n`)).toContain(`is not below the data root ${root}`)
    await write({ 'manifest.csv': `image,label\nsub/../a.png,good\n` })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['a'])
  })

  it("follows links in the data root: they are its owner's", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'))
    await writeFile(join(elsewhere, 'far.png'), '')
    await symlink(elsewhere, join(root, 'linked'))
    await write({ 'manifest.csv': 'image,label\nlinked/far.png,good\n' })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['linked/far'])
  })

  it('takes no socket for a picture', async () => {
    const server = await openSocket(join(root, 'socket.png'))
    await write({ 'manifest.csv': 'image,label\na.png,good\nsocket.png,good\n' })
    expect((await read()).samples.map((sample) => sample.id)).toEqual(['a'])
    server.close()
  })

  it('leaves out pictures and masks that are not there, and says so', async () => {
    await write({ 'manifest.csv': 'image,label,mask\na.png,bad,no.png\nno-picture.png,good,\nd.heic,good,\n' })
    const { samples, warnings } = await read()
    expect(samples.map(({ id, masks }) => [id, masks])).toEqual([['a', []]])
    expect(warnings).toEqual([
      `1 picture of the manifest not there (${join(root, 'no-picture.png')} for one): left out.`,
      `1 mask of the manifest not there (${join(root, 'no.png')} for one): their pictures count as not annotated.`,
      expect.stringContaining('1 file skipped'),
    ])
  })

  it('is refused for rows that say nothing usable, by line', async () => {
    expect(await fault('image,label\na.png,scratch\n,good\n')).toBe(
      'IM_IAD_E_DATA_MANIFEST: line 2, label: "scratch" is neither normal nor anomalous; a defect\'s name belongs into the column defect; line 3, image: no picture is named',
    )
    expect(await fault('image,label,split\na.png,good,holdout\n')).toContain('line 2, split: expected train, validation, test or nothing')
    expect(await fault('image,label\na.png,good\n./a.png,bad\n')).toContain('line 3 names the picture of line 2 again')
    expect(await fault('picture,label\na.png,good\n')).toContain('it has no column image; its columns are picture, label')
    expect(await fault('image,label\n')).toContain('it has no rows')
    expect(await fault('image,label\n"a.png,good\n')).toContain('Quote Not Closed')
  })

  it('tells of columns that mean nothing', async () => {
    await write({ 'manifest.csv': 'image,label,grup,note\na.png,good,1,x\n' })
    expect((await read()).warnings).toEqual([expect.stringContaining('left out: grup (group?), note')])
  })

  it('is refused beside another', async () => {
    await write({ 'manifest.csv': 'image,label\na.png,good\n', 'manifest.jsonl': '{"image":"a.png","label":"good"}' })
    await expect(read()).rejects.toMatchObject({ code: 'IM_IAD_E_DATA_MANIFEST' })
    expect((await read({ manifest: 'manifest.jsonl' })).samples).toHaveLength(1)
  })
})
