import { RECORD_SCHEMA, visibleLine, type ExperimentRecord } from '@im-iad/core'
import { metricCell } from './cells.ts'
import { renderCsv, renderEvaluationsCsv } from './render-csv.ts'
import { metricIds, resultRows, TABLE_METRICS, type ResultRow } from './result-rows.ts'
import { runFacts, warningsOf } from './run-facts.ts'
import { sequenceTables } from './sequence-tables.ts'
import { summarize } from './summarize.ts'
import { renderRows } from './text-table.ts'

export type TableFormat = 'table' | 'markdown' | 'latex' | 'csv' | 'json'

export interface TableOptions {
  readonly format: TableFormat
  /** Whether the best of each column may be made bold; terminals only. */
  readonly color?: boolean
  /** What a line of CSV is: an experiment (default), or one of its evaluations: a task after a training step. */
  readonly by?: 'experiment' | 'evaluation'
}

/** Results as a table for people (terminal, Markdown, LaTeX), or for programs (CSV, JSON). */
export function renderTable(records: readonly ExperimentRecord[], { format, color = false, by = 'experiment' }: TableOptions): string {
  switch (format) {
    case 'json':
      return JSON.stringify({ schema: RECORD_SCHEMA, experiments: records, summary: summarize(records) })
    case 'csv':
      return by === 'evaluation' ? renderEvaluationsCsv(records) : renderCsv(records)
    case 'table':
      return terminalTable(records, color)
    case 'markdown':
      return markdownTable(records)
    case 'latex':
      return latexTable(records)
  }
}

/** Header and cells that all three renderings share. */
interface TableModel {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function tableModel(records: readonly ExperimentRecord[]): TableModel {
  const rows = resultRows(records)
  const metrics: readonly string[] = TABLE_METRICS.filter((id) => metricIds(records).includes(id))
  const shown = metrics.length > 0 ? metrics : metricIds(records).slice(0, 5)
  const withVariant = rows.some((row) => row.variant !== '')
  return {
    header: [
      'dataset',
      'category',
      'algorithm',
      'paradigm',
      ...(withVariant ? ['variant'] : []),
      ...shown,
      'seeds',
      'fit s',
      'ms/image',
      'peak MB',
    ],
    rows: rows.map((row) => [
      row.dataset,
      row.category ?? 'all',
      row.algorithm,
      row.paradigm + (row.leaky === null ? '' : ' (LEAKY)'),
      ...(withVariant ? [row.variant] : []),
      ...shown.map((id) => metricCell(row.metrics[id])),
      ...costCells(row),
    ]),
  }
}

function costCells(row: ResultRow): readonly string[] {
  return [String(row.seeds), row.fitSeconds.toFixed(1), row.predictMilliseconds.toFixed(1), row.peakMegabytes.toFixed(0)]
}

function factLine(records: readonly ExperimentRecord[]): string {
  const facts = runFacts(records).map(([name, value]) => `${name} ${value}`)
  return visibleLine(facts.join(' · '))
}

/** A line each: in LaTeX they are comments, which end with the line. */
function warningLines(records: readonly ExperimentRecord[]): readonly string[] {
  return warningsOf(records).map(visibleLine)
}

function terminalTable(records: readonly ExperimentRecord[], color: boolean): string {
  if (records.length === 0) return 'no experiments'
  const { header, rows } = tableModel(records)
  const text = renderRows(header, rows)
  const table = color ? boldHeader(text) : text
  const sequences = sequenceTables(records).map((each) => `\n${visibleLine(each.title)}\n\n${renderRows(each.header, each.rows)}`)
  return [factLine(records), '', table, ...sequences, ...warningLines(records).map((warning) => `\n${warning}`)].join('\n')
}

function boldHeader(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return [`\u001B[1m${first}\u001B[22m`, ...rest].join('\n')
}

function markdownTable(records: readonly ExperimentRecord[]): string {
  const { header, rows } = tableModel(records)
  const cell = escapeMarkdown
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  const table = (titles: readonly string[], cells: readonly (readonly string[])[]): readonly string[] => [
    line(titles),
    line(titles.map(() => '---')),
    ...cells.map(line),
  ]
  return [
    cell(factLine(records)),
    '',
    ...table(header, rows),
    ...sequenceTables(records).flatMap((each) => ['', cell(each.title), '', ...table(each.header, each.rows)]),
    ...warningLines(records).map((warning) => `\n${cell(warning)}`),
  ].join('\n')
}

/** Characters that would make a link, a picture, code, emphasis, HTML or another cell. `_` and `#` do nothing inside words and cells. */
function escapeMarkdown(text: string): string {
  return visibleLine(text)
    .replaceAll(/[\\`*[\]|]/g, (character) => `\\${character}`)
    .replaceAll(/&(?=[#\w]+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
}

const LATEX_SPECIALS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
}

function latexTable(records: readonly ExperimentRecord[]): string {
  const { header, rows } = tableModel(records)
  const cell = (text: string): string =>
    visibleLine(text).replaceAll(/[\\~^±]|[&%$#_{}]/g, (character) => LATEX_SPECIALS[character] ?? `\\${character}`)
  const line = (cells: readonly string[]): string => `${cells.map(cell).join(' & ')} \\\\`
  const tabular = (titles: readonly string[], cells: readonly (readonly string[])[], texts: number): readonly string[] => [
    `\\begin{tabular}{${titles.map((_, column) => (column < texts ? 'l' : 'r')).join('')}}`,
    '\\toprule',
    line(titles),
    '\\midrule',
    ...cells.map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ]
  return [
    `% ${factLine(records)}`,
    ...warningLines(records).map((warning) => `% ${warning}`),
    ...tabular(header, rows, 4),
    ...sequenceTables(records).flatMap((each) => ['', `% ${visibleLine(each.title)}`, ...tabular(each.header, each.rows, 1)]),
  ].join('\n')
}
