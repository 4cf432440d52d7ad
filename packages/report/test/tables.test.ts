import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { renderRows, renderTable, summarize } from '../src/index.ts'
import { recordOf, withParameters } from './support.ts'

const FAILED = recordOf({
  algorithm: 'padim',
  status: 'failed',
  metrics: {},
  evaluations: [],
  error: { code: 'IM_IAD_E_X', message: 'it broke\n  fix:     mend it' },
})

describe('renderRows', () => {
  it('aligns text to the left and numbers to the right', () => {
    expect(
      renderRows(
        ['name', 'n'],
        [
          ['a', '1'],
          ['long é', '10'],
        ],
      ),
    ).toBe(['name     n', '──────  ──', 'a        1', 'long é  10'].join('\n'))
  })
})

describe('renderTable', () => {
  it('says what was run before any number', () => {
    expect(renderTable([recordOf()], { format: 'table' })).toBe(
      [
        'budget laptop · backbone patchcore: embedded · frame model · engine wasm · seeds 0',
        '',
        'dataset  category  algorithm  paradigm      image.auroc  pixel.auroc  seeds  fit s  ms/image  peak MB',
        '───────  ────────  ─────────  ────────────  ───────────  ───────────  ─────  ─────  ────────  ───────',
        'mtd      tile      patchcore  unsupervised        0.910        0.800      1    4.0      20.5      500',
      ].join('\n'),
    )
  })

  it('gives mean and standard deviation over seeds', () => {
    const records = [0, 1, 2].map((seed) => recordOf({ seed, metrics: { 'image.auroc': 0.8 + seed * 0.05 } }))
    expect(renderTable(records, { format: 'table' })).toContain('0.850 ±0.050      3')
  })

  it('gives the mean over categories, and none where one is missing', () => {
    const records = [
      recordOf({ category: 'a' }),
      recordOf({
        category: 'b',
        metrics: { 'image.auroc': 0.81, 'pixel.auroc': null },
        reasons: { 'pixel.auroc': 'no mask was published' },
      }),
    ]
    const text = renderTable(records, { format: 'markdown' })
    expect(text).toContain('| mtd | mean of 2 | patchcore | unsupervised | 0.860 | - |')
    expect(text).toContain('pixel.auroc of patchcore on mtd/b: no mask was published')
  })

  it('shows a parameter only where it varies', () => {
    const records = [
      withParameters(recordOf(), { coresetRatio: 0.01, levels: [8, 16] }),
      withParameters(recordOf(), { coresetRatio: 0.1, levels: [8, 16] }),
    ]
    const text = renderTable(records, { format: 'table' })
    expect(text).toContain('coresetRatio 0.01')
    expect(text).not.toContain('levels')
  })

  it('marks leaky splits and lists failures with their cause', () => {
    const text = renderTable([recordOf({ leaky: 'split by single images' }), FAILED], { format: 'table' })
    expect(text).toContain('unsupervised (LEAKY)')
    expect(text).toContain('LEAKY: patchcore on mtd/tile, seed 0: split by single images')
    expect(text).toContain('FAILED: padim on mtd/tile, seed 0: it broke fix:     mend it')
  })

  it('escapes what Markdown and LaTeX would take for their own', () => {
    const records = [recordOf({ category: 'a|b_c & 100%' })]
    expect(renderTable(records, { format: 'markdown' })).toContain('a\\|b_c & 100%')
    expect(renderTable(records, { format: 'latex' })).toContain('a|b\\_c \\& 100\\%')
    expect(renderTable(records, { format: 'latex' })).toContain('\\begin{tabular}{llllrrrrrr}')
  })

  it('lets no name make links, pictures, code or HTML of Markdown', () => {
    const text = renderTable([recordOf({ category: '![a](http://x) [b](javascript:c) <img src=d> `e` *f* &lt; \\' })], {
      format: 'markdown',
    })
    expect(text).toContain('!\\[a\\](http://x) \\[b\\](javascript:c) &lt;img src=d> \\`e\\` \\*f\\* &amp;lt; \\\\ |')
  })

  it('lets no name end a line: LaTeX would leave its comment, a table its row', () => {
    const hostile = recordOf({ category: 'a\n\\input{b}\r\u2028\u001B[2J', leaky: 'c\n\\write18{d}' })
    for (const format of ['latex', 'markdown', 'table'] as const) {
      const lines = renderTable([hostile], { format }).split(/[\n\r\u2028]/u)
      expect(lines.filter((line) => /^\s*\\(input|write)/.test(line))).toEqual([])
      expect(lines.join('')).not.toContain('\u001B')
      expect(lines.filter((line) => line.startsWith('LEAKY') || line.startsWith('% LEAKY'))).toHaveLength(1)
    }
    expect(renderTable([hostile], { format: 'latex' })).toContain('a\\textbackslash{}n\\textbackslash{}input\\{b\\}')
  })

  it('writes text that a spreadsheet would run as text, and negative numbers as numbers', () => {
    const names = ['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1']
    const records = names.map((category) => recordOf({ category, metrics: { '=x': -0.5 } }))
    const rows: readonly Readonly<Record<string, string>>[] = parse(renderTable(records, { format: 'csv' }), { columns: true })
    expect(rows.map((row) => row['category'])).toEqual(names.map((name) => `'${name}`))
    expect(rows[0]).toMatchObject({ "'=x": '-0.5' })
  })

  it('writes a CSV that reads back, one line per experiment, failed ones too', () => {
    const records = [recordOf({ category: 'odd, "name"\nhere' }), FAILED]
    const rows: readonly Readonly<Record<string, string>>[] = parse(renderTable(records, { format: 'csv' }), { columns: true })
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      category: 'odd, "name"\nhere',
      'image.auroc': '0.91',
      predict_ms_p50: '20.5',
      algorithm_parameters: '{"coresetRatio":0.01}',
    })
    expect(rows[1]).toMatchObject({ status: 'failed', error: 'IM_IAD_E_X', 'image.auroc': '' })
  })

  it('says that there is nothing', () => {
    expect(renderTable([], { format: 'table' })).toBe('no experiments')
  })
})

describe('summarize', () => {
  it('has one entry per dataset, algorithm and paradigm, with means over seeds and categories', () => {
    const records = ['a', 'b'].flatMap((category) =>
      [0, 1].map((seed) => recordOf({ category, seed, metrics: { 'image.auroc': (category === 'a' ? 0.6 : 0.8) + seed * 0.1 } })),
    )
    const summary = summarize([...records, recordOf({ algorithm: 'padim', metrics: { 'image.auroc': 0.5 } }), FAILED])
    expect(summary).toMatchObject([
      { algorithm: 'patchcore', categories: 2, seeds: 2 },
      { algorithm: 'padim', categories: 1, seeds: 1, metrics: { 'image.auroc': 0.5 }, deviations: { 'image.auroc': null } },
    ])
    expect(summary[0]?.metrics['image.auroc']).toBeCloseTo(0.75, 12)
  })
})
