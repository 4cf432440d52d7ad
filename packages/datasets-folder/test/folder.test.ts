import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { OpenDataset, Sample } from '@im-iad/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import folder from '../src/index.ts'
import { DEFAULTS, type FolderParameters } from '../src/parameters.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'))
})

afterEach(() => rm(root, { recursive: true }))

async function touch(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), '')
  }
}

/** A file that is no file. */
function openSocket(path: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(server))
  })
}

function open(parameters: Partial<FolderParameters> = {}): Promise<OpenDataset> {
  return folder.open(root, { ...DEFAULTS, ...parameters })
}

async function samplesOf(dataset: OpenDataset): Promise<readonly Sample[]> {
  return (await Promise.all(dataset.categories.map((category) => dataset.samples(category)))).flat()
}

/** `id label/defect split mask`, a line per sample. */
async function summary(dataset: OpenDataset): Promise<readonly string[]> {
  return (await samplesOf(dataset)).map(({ id, label, defect, split, masks }) => {
    const paths = masks.map(({ image }) => (image.kind === 'file' ? image.path.slice(root.length + 1) : image.name))
    return [id, defect === undefined ? label : `${label}/${defect}`, split ?? '-', ...paths].join(' ')
  })
}

describe('train and test folders', () => {
  it('keep the split, name the defect and find masks by either name', async () => {
    await touch('train/good/a.png', 'test/good/b.png', 'test/scratch/1.png', 'test/scratch/2.png', 'test/dent/1.png')
    await touch('ground_truth/scratch/1.png', 'ground_truth/scratch/2_mask.png')
    const dataset = await open()
    expect(await summary(dataset)).toEqual([
      'test/dent/1 anomalous/dent test',
      'test/good/b normal test',
      'test/scratch/1 anomalous/scratch test ground_truth/scratch/1.png',
      'test/scratch/2 anomalous/scratch test ground_truth/scratch/2_mask.png',
      'train/good/a normal train',
    ])
    expect(dataset.categories).toEqual([basename(root)])
    expect(dataset.warnings).toEqual([
      `1 of 3 anomalous pictures of "${basename(root)}" have no mask in ground_truth (test/dent/1.png): pixel metrics need one for every defect.`,
    ])
  })

  it('take other names, other cases and validation folders, without masks', async () => {
    await touch('Train/OK/a.JPG', 'val/normal/b.jpeg', 'TEST/NG/c.Tiff', 'TEST/NG/crack/d.bmp', 'train/scratch/e.webp')
    const dataset = await open()
    expect(await summary(dataset)).toEqual([
      'TEST/NG/c anomalous test',
      'TEST/NG/crack/d anomalous/crack test',
      'Train/OK/a normal train',
      'train/scratch/e anomalous/scratch train',
      'val/normal/b normal validation',
    ])
    expect(dataset.warnings).toEqual([])
  })

  it('give training defects no masks that belong to test defects', async () => {
    await touch('train/good/1.png', 'train/dent/1.png', 'test/dent/1.png', 'ground_truth/dent/1_mask.png')
    expect(await summary(await open())).toEqual([
      'test/dent/1 anomalous/dent test ground_truth/dent/1_mask.png',
      'train/dent/1 anomalous/dent train',
      'train/good/1 normal train',
    ])
  })

  it('leave out unlabelled pictures and tell of them and of masks that fit nothing', async () => {
    await touch('train/good/a.png', 'train/b.png', 'test/dent/1.png', 'ground_truth/dent/1.png', 'ground_truth/dent/2.png')
    const dataset = await open()
    expect((await samplesOf(dataset)).map((sample) => sample.id)).toEqual(['test/dent/1', 'train/good/a'])
    expect(dataset.warnings).toEqual([
      `1 picture right in ${join(root, 'train')} left out: nothing says whether they are normal. Move them to train/good.`,
      expect.stringMatching(/^1 mask in ground_truth of ".*" fit no picture/),
    ])
  })
})

describe('good and bad folders', () => {
  it('give no split, and defects by subfolder', async () => {
    await touch(
      'good/a.png',
      'good/monday/b.png',
      'bad/c.png',
      'bad/scratch/d.png',
      'ground_truth/bad/c.png',
      'ground_truth/bad/scratch/d_mask.png',
    )
    const dataset = await open()
    expect(await summary(dataset)).toEqual([
      'bad/c anomalous - ground_truth/bad/c.png',
      'bad/scratch/d anomalous/scratch - ground_truth/bad/scratch/d_mask.png',
      'good/a normal -',
      'good/monday/b normal -',
    ])
    expect(dataset.warnings).toEqual([])
  })

  it.each([
    ['ok', 'ng'],
    ['Normal', 'Abnormal'],
    ['GOOD', 'defects'],
  ])('may be called %s and %s', async (good, bad) => {
    await touch(`${good}/a.png`, `${bad}/b.png`)
    expect((await samplesOf(await open())).map((sample) => sample.label).toSorted()).toEqual(['anomalous', 'normal'])
  })

  it('may have names of their own', async () => {
    await touch('Gut/a.png', 'Kratzer/b.png', 'Delle/c.png')
    expect(await folder.recognizes(root)).toBe(false)
    const dataset = await open({ normalFolders: ['gut'], anomalousFolders: ['kratzer'] })
    expect(await summary(dataset)).toEqual(['Gut/a normal -', 'Kratzer/b anomalous -'])
    expect(dataset.warnings).toEqual([expect.stringContaining('left out: Delle.')])
  })

  it('need no bad pictures', async () => {
    await touch('good/a.png')
    expect(await summary(await open())).toEqual(['good/a normal -'])
  })
})

describe('category folders', () => {
  it('are categories by their names, whichever layout each has', async () => {
    await touch('screw/train/good/1.png', 'screw/test/bent/1.png', 'bolt/good/1.png', 'notes/readme.txt')
    const dataset = await open()
    expect(dataset.categories).toEqual(['bolt', 'screw'])
    expect(await summary(dataset)).toEqual([
      'bolt/good/1 normal -',
      'screw/test/bent/1 anomalous/bent test',
      'screw/train/good/1 normal train',
    ])
    await expect(dataset.samples('scre')).rejects.toMatchObject({ code: 'IM_IAD_E_CATEGORY', facts: { fix: 'did you mean "screw"?' } })
  })
})

describe('files', () => {
  it('that are hidden or left behind are ignored, others counted', async () => {
    await touch('good/a.png', 'good/.b.png', 'good/Thumbs.db', 'good/c.HEIC', 'good/d.heic', 'good/e.txt', 'good/f')
    const dataset = await open()
    expect(await summary(dataset)).toEqual(['good/a normal -'])
    expect(dataset.warnings).toEqual([
      '4 files skipped that im-iad does not read as pictures: 2 .heic, 1 .txt, 1 without extension. HEIC has to be converted first: to JPEG or PNG, by any picture program.',
    ])
  })

  it('that differ by their extension alone keep it in the id', async () => {
    await touch('good/a.png', 'good/a.jpg', 'good/b.png')
    const dataset = await open()
    expect((await samplesOf(dataset)).map((sample) => sample.id)).toEqual(['good/a.jpg', 'good/a.png', 'good/b'])
    expect(dataset.warnings).toEqual(['2 pictures differ from another by the extension alone (good/a.jpg for one); all of them are used.'])
  })

  it('are found through links, and a link to a folder above ends there', async () => {
    await touch('elsewhere/x/1.png', 'data/good/2.png')
    await symlink(join(root, 'elsewhere/x'), join(root, 'data/bad'))
    await symlink(join(root, 'data/good'), join(root, 'data/good/again'))
    root = join(root, 'data')
    expect(await summary(await open())).toEqual(['bad/1 anomalous -', 'good/2 normal -'])
    root = dirname(root)
  })

  it('that are pipes, sockets or devices are left out: reading one may never end', async () => {
    await touch('good/a.png')
    const server = await openSocket(join(root, 'good/socket.png'))
    await symlink('/dev/zero', join(root, 'good/endless.png'))
    expect(await summary(await open())).toEqual(['good/a normal -'])
    server.close()
  })

  it('have ids in composed Unicode', async () => {
    await touch('good/u\u0308ber.png')
    expect((await samplesOf(await open()))[0]?.id).toBe('good/\u00fcber')
  })
})

describe('what is recognised', () => {
  it.each([['good/a.png'], ['train/good/a.png'], ['screw/test/good/a.png'], ['manifest.csv']])('%s', async (file) => {
    await touch(file)
    expect(await folder.recognizes(root)).toBe(true)
  })

  it.each([['a.png'], ['mvtec-ad/screw/train/good/a.png'], ['MT_Free/Imgs/a.jpg']])('not %s', async (file) => {
    await touch(file)
    expect(await folder.recognizes(root)).toBe(false)
  })

  it('an unknown layout is refused by what is there', async () => {
    await touch('1.png', '2.png', 'pictures/3.png', 'notes.txt')
    await expect(open()).rejects.toMatchObject({
      code: 'IM_IAD_E_DATA_LAYOUT',
      facts: { found: `${root} holds pictures/ (0 folders, 1 picture), 2 pictures, 1 other file` },
    })
  })

  it('an empty folder and empty layouts are refused', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'IM_IAD_E_DATA_LAYOUT', facts: { found: `${root} holds nothing` } })
    await touch('good/a.heic')
    await expect(open()).rejects.toMatchObject({ code: 'IM_IAD_E_DATA_LAYOUT', facts: { problem: expect.stringContaining('1 .heic') } })
  })
})

describe('parameters', () => {
  it('know their defaults and refuse unknown names', () => {
    expect(DEFAULTS.normalFolders).toEqual(['good', 'ok', 'normal'])
    expect(folder.parameters['~standard'].validate({ normalFolders: ['Gut'] })).toEqual({ value: { ...DEFAULTS, normalFolders: ['gut'] } })
    expect(folder.parameters['~standard'].validate({ good: 'ok' })).toHaveProperty('issues')
  })
})

describe('pictures without any folders', () => {
  it('are good ones only when that is said, with a warning', async () => {
    await touch('a.png', 'b.jpg', 'notes.txt')
    await expect(open()).rejects.toMatchObject({ code: 'IM_IAD_E_DATA_LAYOUT' })
    const dataset = await open({ alone: 'normal' })
    expect(await summary(dataset)).toEqual(['a normal -', 'b normal -'])
    expect(dataset.warnings[0]).toBe(`There is no good/ folder: all 2 pictures right in ${root} are taken as good.`)
  })

  it('are not taken where folders stand beside them that say nothing', async () => {
    await touch('a.png', 'scratched/b.png')
    await expect(open({ alone: 'normal' })).rejects.toMatchObject({ code: 'IM_IAD_E_DATA_LAYOUT' })
  })

  it('never come before a layout', async () => {
    await touch('good/a.png', 'b.png')
    expect(await summary(await open({ alone: 'normal' }))).toEqual(['good/a normal -'])
  })
})
