import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluationRecord, ExperimentRecord } from '@im-iad/core'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { renderTable, writeHtmlReport } from '../src/index.ts'
import { recordOf, withParameters } from './support.ts'

const evaluation = (afterTask: string, task: string, value: number | null): EvaluationRecord => ({
  afterTask,
  task,
  counts: { train: 8, testNormal: 2, testAnomalous: 3 },
  metrics: { 'image.auroc': value },
  reasons: value === null ? { 'image.auroc': 'no anomalous sample' } : {},
  details: {},
})

/** Two tasks; what is lost of the first is 0.3 + shift. */
const sequence = (seed = 0, shift = 0, change: Partial<ExperimentRecord> = {}): ExperimentRecord =>
  recordOf({
    category: null,
    paradigm: 'continual',
    seed,
    evaluations: [evaluation('left', 'left', 0.9), evaluation('right', 'left', 0.6 - shift), evaluation('right', 'right', 0.8)],
    metrics: {
      'image.auroc': (1.4 - shift) / 2,
      'sequence.forgetting.image.auroc': 0.3 + shift,
      'sequence.own-task.image.auroc': 0.85,
    },
    ...change,
  })

describe('experiments over several tasks', () => {
  it('have averages, forgetting and a matrix below the results', () => {
    expect(renderTable([sequence()], { format: 'table' }).split('\n').slice(6)).toEqual([
      'Several tasks: average after the last one, forgetting measure (FM), and mean right after each own task',
      '',
      'dataset  algorithm  paradigm   measure   image.auroc',
      '───────  ─────────  ─────────  ────────  ───────────',
      'mtd      patchcore  continual  average         0.700',
      'mtd      patchcore  continual  FM              0.300',
      'mtd      patchcore  continual  own task        0.850',
      '',
      "image.auroc of patchcore on mtd, continual: after learning a row's task, tested on a column's",
      '',
      'after       left  right  average',
      '─────────  ─────  ─────  ────────',
      'left       0.900         0.900',
      'right      0.600  0.800  0.700',
      'forgotten  0.300         0.300 FM',
    ])
  })

  it('are averaged over seeds, cell by cell', () => {
    const text = renderTable([sequence(0, 0), sequence(1, 0.2)], { format: 'markdown' })
    expect(text).toContain('| right | 0.500 ±0.141 | 0.800 ±0.000 | 0.650 |')
    expect(text).toContain('| forgotten | 0.400 |  | 0.400 ±0.141 FM |')
    expect(text).toContain('| mtd | patchcore | continual | FM | 0.400 ±0.141 |')
  })

  it('are kept apart when seeds have another order of tasks, or parameters differ', () => {
    const turned = sequence(1, 0, {
      evaluations: [evaluation('right', 'right', 0.7), evaluation('left', 'right', 0.5), evaluation('left', 'left', 0.8)],
    })
    const text = renderTable([sequence(0), turned], { format: 'table' })
    expect(text).toContain('of patchcore on mtd, continual, seed 0:')
    expect(text).toContain('of patchcore on mtd, continual, seed 1:')
    const variants = renderTable([sequence(), { ...withParameters(sequence(0, 0.1), { coresetRatio: 0.1 }), hash: 'b'.repeat(64) }], {
      format: 'table',
    })
    expect(variants).toContain('of patchcore on mtd, continual, coresetRatio 0.01:')
    expect(variants).toContain('of patchcore on mtd, continual, coresetRatio 0.1:')
  })

  it('show what is missing as missing, with one reason', () => {
    const record = sequence(0, 0, {
      evaluations: [evaluation('left', 'left', null), evaluation('right', 'left', 0.6), evaluation('right', 'right', 0.8)],
      metrics: { 'image.auroc': null, 'sequence.forgetting.image.auroc': null },
      reasons: { 'image.auroc': 'task "left": no anomalous sample', 'sequence.forgetting.image.auroc': 'task "left" has no number' },
    })
    const text = renderTable([record], { format: 'table' })
    expect(text).toContain('left           -         -')
    expect(text).toContain('forgotten      -         - FM')
    expect(text.match(/no anomalous sample|has no number/g)).toEqual(['no anomalous sample'])
  })

  it('are left out where there are none', () => {
    expect(renderTable([recordOf()], { format: 'table' })).not.toContain('Several tasks')
  })

  it('have a line of CSV per evaluation on request', () => {
    const csv = renderTable([sequence(), recordOf()], { format: 'csv', by: 'evaluation' })
    const lines: Record<string, string>[] = parse(csv, { columns: true })
    expect(lines.map((line) => [line['paradigm'], line['after_task'], line['task'], line['image.auroc']])).toEqual([
      ['continual', 'left', 'left', '0.9'],
      ['continual', 'right', 'left', '0.6'],
      ['continual', 'right', 'right', '0.8'],
      ['unsupervised', 'tile', 'tile', '0.91'],
    ])
  })

  it('have LaTeX tables of their own', () => {
    const text = renderTable([sequence()], { format: 'latex' })
    expect(text.match(/\\begin\{tabular\}/g)).toHaveLength(3)
    expect(text).toContain('right & 0.600 & 0.800 & 0.700 \\\\')
  })

  it('stand on the page with coloured matrices, escaped, and without sequence columns among the results', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'im-iad-sequences-')), 'page.html')
    const evil = '<b>left</b>'
    const record = sequence(0, 0, {
      evaluations: [evaluation(evil, evil, 0.9), evaluation('right', evil, 0.6), evaluation('right', 'right', 0.8)],
    })
    await writeHtmlReport({ runs: [{ run: 'it', directory: '/nowhere', records: [record] }], file })
    const page = await readFile(file, 'utf8')
    expect(page).toContain('<h2>Several tasks</h2>')
    expect(page).toContain('0.300 FM')
    expect(page).toContain('color-mix(in srgb, var(--accent) 60%, transparent)">0.900')
    expect(page).not.toContain(evil)
    expect(page).not.toContain('<button type="button">sequence.')
  })
})

describe('experiments over chosen categories', () => {
  it('are named by them', () => {
    const base = sequence()
    const record = { ...base, inputs: { ...base.inputs, categories: ['left', 'right'] } }
    expect(renderTable([record], { format: 'table' })).toContain('mtd      left + right  patchcore')
  })
})
