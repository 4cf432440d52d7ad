import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExperimentRecord, KeptMap } from '@im-iad/core'
import { encodeNpy, encodePng } from '@im-iad/images'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, it } from 'vitest'
import { writeHtmlReport } from '../src/index.ts'
import { recordOf, withParameters } from './support.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`

/** Names that break out of somewhere: attributes, text, the title, the style, the script, comments, templates; links; what steers the direction of reading. */
const HOSTILE_NAMES: readonly string[] = [
  HOSTILE,
  `' onmouseover='alert(3)`,
  '</title></style></script><script>alert(4)</script>',
  '--><iframe src="https://example.invalid/"></iframe><!--',
  '<a href="javascript:alert(5)">click</a><base href="https://example.invalid/">',
  '<svg onload=alert(6)><link rel=stylesheet href="https://example.invalid/a.css">',
  '{{constructor.constructor("alert(7)")()}} ${alert(8)}',
  'sei\u202Egnp.exe\u0000\u001B[2J',
  'one\ntwo\r\tthree',
  'x'.repeat(5000),
]

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

async function pageOf(
  records: readonly ExperimentRecord[],
  kept: readonly KeptMap[] | string = [],
  scores = '',
  run = 'mine',
): Promise<{ readonly text: string; readonly elements: readonly Element[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'im-iad-report-'))
  for (const { hash } of records) {
    const maps = join(directory, 'experiments', hash, 'maps')
    await mkdir(maps, { recursive: true })
    await writeFile(join(maps, 'index.json'), typeof kept === 'string' ? kept : JSON.stringify(kept))
    await symlink(join(maps, '0000-picture.png'), join(maps, 'link.png'))
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
  await writeHtmlReport({ runs: [{ run, directory, records }], file })
  const text = await readFile(file, 'utf8')
  return { text, elements: elementsOf(parse(text)) }
}

function elementsOf(node: Node): readonly Element[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : []
  return 'tagName' in node ? [node, ...children] : children
}

const named = (elements: readonly Element[], name: string): readonly Element[] => elements.filter((element) => element.tagName === name)
const attribute = (element: Element | undefined, name: string): string => element?.attrs.find((one) => one.name === name)?.value ?? ''

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
    ).toMatch(/^default-src 'none'; .*img-src data:; .*script-src 'sha256-/)
    expect(attribute(named(elements, 'svg')[0], 'aria-label')).toBe('Scores from 1.000 to 3.000 of 1 normal and 1 anomalous pictures')
    expect(text).toContain('crack')
  })

  it.each(HOSTILE_NAMES)('keeps a hostile name inert wherever it stands: %s', async (name) => {
    const record = recordOf({
      dataset: name,
      category: name,
      algorithm: name,
      paradigm: name,
      notes: [name],
      leaky: name,
      metrics: { [name]: 0.5 },
      reasons: { [name]: name },
      evaluations: [
        {
          afterTask: `${name}1`,
          task: name,
          counts: { train: 1, testNormal: 1, testAnomalous: 1 },
          metrics: { [name]: 1 },
          reasons: { [name]: name },
          details: { [name]: { [name]: 1 } },
        },
      ],
      measured: { ...recordOf().measured, host: { platform: name, cpu: name, cores: 1, node: name }, versions: { [name]: name } },
    })
    const failed = recordOf({ status: 'failed', error: { code: 'IM_IAD_E_X', message: name } })
    const map = keptMap({ sample: name, defect: name })
    const { text, elements } = await pageOf(
      [withParameters({ ...record, hash: 'a'.repeat(64) }, { [name]: name }), failed],
      [{ ...map, picture: name }, map],
      `sample,label,score\n"${name.replaceAll('"', '""')}",normal,1\n`,
      name,
    )
    expect(named(elements, 'script')).toHaveLength(1)
    for (const tag of ['iframe', 'link', 'a', 'base', 'object', 'embed', 'form', 'template']) expect(named(elements, tag)).toEqual([])
    const attributes = elements.flatMap((element) => element.attrs)
    expect(attributes.filter((one) => one.name.startsWith('on'))).toEqual([])
    expect(named(elements, 'img').every((image) => attribute(image, 'src').startsWith('data:'))).toBe(true)
    for (const invisible of ['\u0000', '\u001B', '\u202E']) expect(text).not.toContain(invisible)
  })

  it("runs its own script and no other: its policy holds that script's hash", async () => {
    const { elements } = await pageOf([recordOf()])
    const [script] = named(elements, 'script')
    const code = (script?.childNodes ?? []).map((node) => ('value' in node ? node.value : '')).join('')
    const policy = named(elements, 'meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy')
    expect(attribute(policy, 'content')).toContain(`script-src 'sha256-${createHash('sha256').update(code).digest('base64')}'`)
    expect(attribute(policy, 'content')).toContain("default-src 'none'; base-uri 'none'; form-action 'none'")
  })

  it('follows no link in a run folder that came from elsewhere', async () => {
    const { text, elements } = await pageOf([recordOf()], [keptMap({ picture: 'link.png' })])
    expect(named(elements, 'img')).toHaveLength(0)
    expect(text).toContain('The picture link.png is not in the run folder.')
  })

  it.each(['not JSON', '{}', '"text"'])('is written although the list of maps is damaged: %s', async (index) => {
    expect((await pageOf([recordOf()], index)).text).toContain('The list of kept maps is damaged.')
  })

  it('leaves out what is no kept map', async () => {
    const index = JSON.stringify([null, 1, {}, { ...keptMap(), score: 'high' }, { ...keptMap(), picture: { toString: 'x' } }])
    expect((await pageOf([recordOf()], index)).text).toContain('No maps are kept for this experiment.')
  })

  it('takes any number of scores, and a table that is none', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `a,normal,${index}`)
    expect((await pageOf([recordOf()], [], ['sample,label,score', ...rows, ''].join('\n'))).text).toContain('of 200000 normal')
    expect((await pageOf([recordOf()], [], '"not a table')).text).toContain('No scores are kept')
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
