import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, it } from 'vitest'
import { writeTrialPage, type TrialPage, type TrialPicture } from '../src/index.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'></style></title>`

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

function elementsOf(node: Node): readonly Element[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : []
  return 'tagName' in node ? [node, ...children] : children
}

const grey = (width: number, height: number) => ({ width, height, channels: 1, data: new Uint8Array(width * height).fill(90) }) as const

const picture = (
  name: string,
  read: TrialPicture['read'] = () => Promise.resolve({ picture: grey(8, 6), heat: grey(8, 6) }),
): TrialPicture => ({
  name,
  score: 3,
  verdict: 'missed',
  isWrong: true,
  read,
})

const page: TrialPage = {
  title: HOSTILE,
  facts: [['good', HOSTILE]],
  verdict: ['padim is best.', HOSTILE],
  warnings: [HOSTILE],
  methods: [
    { name: HOSTILE, auroc: '0.9', detection: '1 of 2', threshold: '4', millisecondsPerPicture: 12.3, fitSeconds: 4.56, recommended: true },
  ],
  notTried: [HOSTILE],
  scores: { good: [1, 2, 2.5], bad: [2, 9], threshold: 4 },
  galleries: [{ title: 'Bad pictures', about: HOSTILE, pictures: [picture(HOSTILE)] }],
  more: [HOSTILE],
}

async function write(changes: Partial<TrialPage> = {}): Promise<{ readonly text: string; readonly elements: readonly Element[] }> {
  const file = join(await mkdtemp(join(tmpdir(), 'im-iad-trial-')), 'page.html')
  await writeTrialPage({ ...page, ...changes }, file)
  const text = await readFile(file, 'utf8')
  return { text, elements: elementsOf(parse(text)) }
}

const attribute = (element: Element | undefined, name: string): string | undefined => element?.attrs.find((own) => own.name === name)?.value

describe('the page of a trial', () => {
  it('has no script, no event handler and nothing from outside, whatever names hold', async () => {
    const { elements } = await write()
    const names = elements.map((element) => element.tagName)
    for (const forbidden of ['script', 'iframe', 'link', 'base', 'object']) expect(names).not.toContain(forbidden)
    for (const element of elements) for (const { name } of element.attrs) expect(name).not.toMatch(/^on/)
    const sources = elements.filter((element) => element.tagName === 'img').map((element) => attribute(element, 'src'))
    expect(sources).toHaveLength(2)
    for (const source of sources) expect(source).toMatch(/^data:image\/jpeg;base64,/)
    const policy = elements.find((element) => attribute(element, 'http-equiv') === 'Content-Security-Policy')
    expect(attribute(policy, 'content')).toContain("default-src 'none'")
  })

  it('draws both kinds of scores and the threshold, and says them in words', async () => {
    const { elements } = await write()
    const chart = elements.find((element) => element.tagName === 'svg')
    expect(attribute(chart, 'aria-label')).toBe(
      'Scores from 1.000 to 9.000: 3 held-out good pictures above, 2 bad ones below; the threshold is 4.000',
    )
    const fills = elements.filter((element) => element.tagName === 'rect').map((element) => attribute(element, 'fill'))
    expect(fills.filter((fill) => fill === 'var(--normal)')).toHaveLength(3)
    expect(fills.filter((fill) => fill === 'var(--anomalous)')).toHaveLength(2)
  })

  it('draws a good picture right at the threshold on the side where it passes', async () => {
    const { elements } = await write({ scores: { good: [1, 2, 4.1], bad: [4.1001, 9], threshold: 4.1 } })
    const line = Number(
      attribute(
        elements.findLast((element) => element.tagName === 'line'),
        'x1',
      ),
    )
    const placesOf = (fill: string): readonly number[] =>
      elements
        .filter((element) => element.tagName === 'rect' && attribute(element, 'fill') === fill)
        .map((element) => Number(attribute(element, 'x')))
    expect(placesOf('var(--normal)')).toHaveLength(3)
    expect(Math.max(...placesOf('var(--normal)'))).toBeLessThan(line)
    expect(Math.min(...placesOf('var(--anomalous)'))).toBeGreaterThan(line)
  })

  it('does without bad pictures, and with scores that are all equal', async () => {
    const { elements, text } = await write({ scores: { good: [2, 2], bad: [], threshold: 2 }, galleries: [] })
    expect(elements.filter((element) => element.tagName === 'rect')).toHaveLength(1)
    expect(text).not.toContain('NaN')
  })

  it('says which picture cannot be shown, and shows the others', async () => {
    const gone = picture('gone.png', () => Promise.reject(new Error('it was deleted')))
    const { text, elements } = await write({ galleries: [{ title: 'Bad', about: '', pictures: [gone, picture('there.png')] }] })
    expect(text).toContain('it was deleted')
    expect(elements.filter((element) => element.tagName === 'img')).toHaveLength(2)
  })
})
