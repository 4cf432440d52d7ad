import type { ExperimentRecord } from '@im-iad/core'
import { metricIds } from '../result-rows.ts'
import { matrixTable, sequenceName, sequenceTables, type TitledTable } from '../sequence-tables.ts'
import { SEQUENCE_PREFIX, taskMatrix, taskSequences, type TaskMatrix, type TaskSequence } from '../task-matrix.ts'
import { html, type Html } from './html.ts'

/** Experiments over several tasks: averages and forgetting, then the matrices of every metric, coloured by value; nothing without such experiments. */
export function sequenceSection(records: readonly ExperimentRecord[]): Html {
  const [summary] = sequenceTables(records)
  if (summary === undefined) return html``
  return html`<h2>Several tasks</h2>
    <p class="soft">${summary.title}</p>
    ${plainTable(summary)}${taskSequences(records).map(sequenceBlock)}`
}

function sequenceBlock(sequence: TaskSequence): Html {
  const metrics = metricIds(sequence.records).filter((id) => !id.startsWith(SEQUENCE_PREFIX))
  const matrices = metrics
    .map((metric) => taskMatrix(sequence, metric))
    .filter(({ cells }) => cells.some((row) => row.some((cell) => cell !== null)))
  const [first, ...others] = matrices
  if (first === undefined) return html``
  return html`<h3>${sequenceName(sequence)}</h3>
    ${matrixBlock(sequence, first)}${
      others.length === 0
        ? html``
        : html`<details>
            <summary>The other metrics <span class="soft">${others.map(({ metric }) => metric).join(', ')}</span></summary>
            <div class="body">${others.map((matrix) => matrixBlock(sequence, matrix))}</div>
          </details>`
    }`
}

function matrixBlock(sequence: TaskSequence, matrix: TaskMatrix): Html {
  const { header, rows } = matrixTable(sequence, matrix)
  const means = matrix.cells.flatMap((row) => row.flatMap((cell) => cell?.mean ?? []))
  const [least, most] = [Math.min(...means), Math.max(...means)]
  const shade = (row: number, column: number): number => {
    const mean = matrix.cells[row]?.[column - 1]?.mean
    return mean === undefined ? 0 : Math.round(10 + (50 * (mean - least)) / Math.max(most - least, 1e-9))
  }
  const body = rows.map(
    (cells, row) =>
      html`<tr class="${row === rows.length - 1 ? 'mean' : ''}">
        ${cells.map((text, column) => matrixCell(text, column === 0 ? 0 : shade(row, column), column === 0))}
      </tr>`,
  )
  return html`<p class="soft">${matrix.metric}: after learning a row's task, tested on a column's; darker is higher</p>
    ${tableOf(header, body, (column) => column > 0)}`
}

function matrixCell(text: string, shade: number, isName: boolean): Html {
  return shade === 0
    ? html`<td class="${isName ? '' : 'number'}">${text}</td>`
    : html`<td class="number" style="background: color-mix(in srgb, var(--accent) ${shade}%, transparent)">${text}</td>`
}

function plainTable({ header, rows }: TitledTable): Html {
  const isNumeric = (column: number): boolean => rows.every((row) => /^[-\d.± ]*$/.test(row[column] ?? ''))
  return tableOf(
    header,
    rows.map(
      (cells) =>
        html`<tr>
          ${cells.map((text, column) => html`<td class="${isNumeric(column) ? 'number' : ''}">${text}</td>`)}
        </tr>`,
    ),
    isNumeric,
  )
}

function tableOf(header: readonly string[], body: readonly Html[], isNumeric: (column: number) => boolean): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${header.map((title, column) => html`<th class="${isNumeric(column) ? 'number' : ''}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`
}
