import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExperimentRecord, KeptMap } from '@im-iad/core'
import { encodeNpy, encodePng } from '@im-iad/images'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, it } from 'vitest'
import { writeHtmlReport } from '../src/index.ts'
import { recordOf } from './support.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

async function pageOf(
  records: readonly ExperimentRecord[],
  kept: readonly KeptMap[] = [],
  scores = '',
): Promise<{ readonly text: string; readonly elements: readonly Element[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'im-iad-report-'))
  for (const { hash } of records) {
    const maps = join(directory, 'experiments', hash, 'maps')
    await mkdir(maps, { recursive: true })
    await writeFile(join(maps, 'index.json'), JSON.stringify(kept))
    await writeFile(join(maps, '..', 'scores.csv'), scores)
    await writeFile(
      join(maps, '0000-picture.png'),
      await encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(99) }),
    )
    await writeFile(
      join(maps, '0000-map.npy'),
      encodeNpy({ width: 8, height: 8, data: Float32Array.from({ length: 64 }, (_, pixel) => pixel) }),
    )
    await writeFile(
      join(maps, '0000-mask.png'),
      await encodePng({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(255, 20, 30) }),
    )
  }
  const file = join(directory, 'page.html')
  await writeHtmlReport({ runs: [{ run: 'mine', directory, records }], file })
  const text = await readFile(file, 'utf8')
  return { text, elements: elementsOf(parse(text)) }
}

function elementsOf(node: Node): readonly Element[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : []
  return 'tagName' in node ? [node, ...children] : children
}

const named = (elements: readonly Element[], name: string): readonly Element[] => elements.filter((element) => element.tagName === name)
const attribute = (element: Element, name: string): string => element.attrs.find((one) => one.name === name)?.value ?? ''

const keptMap = (change: Partial<KeptMap> = {}): KeptMap => ({
  sample: 'tile/1',
  task: 'tile',
  label: 'anomalous',
  defect: 'crack',
  score: 0.25,
  why: 'miss',
  rank: 1,
  picture: '0000-picture.png',
  map: '0000-map.npy',
  mask: '0000-mask.png',
  ...change,
})

describe('the page', () => {
  it('holds everything it shows and asks the network for nothing', async () => {
    const { text, elements } = await pageOf(
      [recordOf()],
      [keptMap(), keptMap({ why: 'false-alarm', label: 'normal', defect: null, mask: null })],
      'sample,task,after_task,label,defect,score\na,t,t,normal,,1\nb,t,t,anomalous,crack,3\n',
    )
    const images = named(elements, 'img')
    expect(images).toHaveLength(4)
    for (const image of images) {
      expect(attribute(image, 'src')).toMatch(/^data:image\/jpeg;base64,/)
      expect(attribute(image, 'alt')).toContain('tile/1')
    }
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(
      attribute(named(elements, 'meta').find((meta) => attribute(meta, 'http-equiv') !== '') ?? named(elements, 'meta')[0], 'content'),
    ).toMatch(/^default-src 'none'; img-src data:; .*script-src 'sha256-/)
    expect(attribute(named(elements, 'svg')[0], 'aria-label')).toBe('Scores from 1.000 to 3.000 of 1 normal and 1 anomalous pictures')
    expect(text).toContain('crack')
  })

  it('keeps hostile names inert', async () => {
    const record = recordOf({
      dataset: HOSTILE,
      category: HOSTILE,
      algorithm: HOSTILE,
      notes: [HOSTILE],
      leaky: HOSTILE,
      metrics: { [HOSTILE]: 0.5 },
    })
    const failed = recordOf({ status: 'failed', error: { code: 'IM_IAD_E_X', message: HOSTILE } })
    const safe = { ...record, hash: 'a'.repeat(64) }
    const { elements } = await pageOf(
      [safe, failed],
      [keptMap({ sample: HOSTILE, defect: HOSTILE, picture: HOSTILE }), keptMap({ sample: HOSTILE })],
    )
    expect(named(elements, 'script')).toHaveLength(1)
    expect(elements.flatMap((element) => element.attrs).filter((one) => one.name.startsWith('on'))).toEqual([])
    expect(named(elements, 'img').every((image) => attribute(image, 'src').startsWith('data:'))).toBe(true)
  })

  it('never reads outside the folder of maps', async () => {
    const { text, elements } = await pageOf([recordOf()], [keptMap({ picture: '../../../../../../etc/hostname' })])
    expect(named(elements, 'img')).toHaveLength(0)
    expect(text).toContain('is not in the run folder')
  })

  it('says so where pictures or maps are missing', async () => {
    const { text } = await pageOf([recordOf()], [keptMap({ picture: 'gone.png' }), keptMap({ map: null })])
    expect(text).toContain('The picture gone.png is not in the run folder.')
    expect(text).toContain('no map')
    expect((await pageOf([recordOf()])).text).toContain('No maps are kept for this experiment.')
  })

  it('shows the reason for a missing number, and an empty run', async () => {
    const reasons = { 'pixel.auroc': 'no mask was published' }
    const { text } = await pageOf([recordOf({ metrics: { 'pixel.auroc': null }, reasons })])
    expect(text).toContain('no mask was published')
    expect((await pageOf([])).text).toContain('No experiment is done yet.')
  })
})
