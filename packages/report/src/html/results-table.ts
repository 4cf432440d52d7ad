import type { ExperimentRecord } from '@im-iad/core'
import { metricIds, resultRows, type ResultRow } from '../result-rows.ts'
import { SEQUENCE_PREFIX } from '../task-matrix.ts'
import { html, type Html } from './html.ts'

interface Column {
  readonly title: string
  readonly numeric: boolean
  readonly text: (row: ResultRow) => string
  /** For metrics: what is compared for the best of a dataset's category. */
  readonly value?: (row: ResultRow) => number | null
}

/** The sortable table with every metric. */
export function resultsTable(records: readonly ExperimentRecord[]): Html {
  const rows = resultRows(records)
  if (rows.length === 0) return html`<p class="soft">No experiment is done yet.</p>`
  const columns = columnsFor(records, rows)
  const header = columns.map(
    (column) => html`<th class="${cellClass(column, column.title)}"><button type="button">${column.title}</button></th>`,
  )
  const body = rows.map(
    (row) =>
      html`<tr class="${row.kind}">
        ${columns.map((column) => cell(column, row, rows))}
      </tr>`,
  )
  return html`<div class="scroll">
    <table class="results">
      <thead>
        <tr>
          ${header}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`
}

function cell(column: Column, row: ResultRow, rows: readonly ResultRow[]): Html {
  const rivals = rows.filter((other) => other.dataset === row.dataset && other.category === row.category)
  const value = column.value?.(row) ?? null
  const best = value !== null && rivals.length > 1 && rivals.every((other) => (column.value?.(other) ?? -Infinity) <= value)
  const text = column.text(row)
  return html`<td class="${cellClass(column, text)}${best ? ' best' : ''}">${text}</td>`
}

/** Longer names than anyone gives on purpose are broken into lines. */
const LONG = 60

function cellClass({ numeric }: Column, text: string): string {
  return `${numeric ? 'number' : ''}${text.length > LONG ? ' long' : ''}`
}

function columnsFor(records: readonly ExperimentRecord[], rows: readonly ResultRow[]): readonly Column[] {
  const text = (title: string, value: (row: ResultRow) => string): Column => ({ title, numeric: false, text: value })
  const number = (title: string, value: (row: ResultRow) => string): Column => ({ title, numeric: true, text: value })
  return [
    text('dataset', (row) => row.dataset),
    text('category', (row) => row.category ?? 'all'),
    text('algorithm', (row) => row.algorithm),
    text('paradigm', (row) => row.paradigm + (row.leaky === null ? '' : ' (LEAKY)')),
    ...(rows.some((row) => row.variant !== '') ? [text('variant', (row) => row.variant)] : []),
    ...metricIds(records)
      .filter((id) => !id.startsWith(SEQUENCE_PREFIX))
      .map(metricColumn),
    number('seeds', (row) => String(row.seeds)),
    number('fit s', (row) => row.fitSeconds.toFixed(1)),
    number('ms/image', (row) => row.predictMilliseconds.toFixed(1)),
    number('peak MB', (row) => row.peakMegabytes.toFixed(0)),
  ]
}

function metricColumn(id: string): Column {
  return {
    title: id,
    numeric: true,
    text: (row) => {
      const value = row.metrics[id]
      if (value === null || value === undefined) return '–'
      return value.mean.toFixed(3) + (value.deviation === null ? '' : ` ±${value.deviation.toFixed(3)}`)
    },
    value: (row) => row.metrics[id]?.mean ?? null,
  }
}
