import type { ExperimentRecord } from '@im-iad/core'
import { metricCell } from './cells.ts'
import { metricIds, TABLE_METRICS } from './result-rows.ts'
import { taskMatrix, taskSequences, type TaskMatrix, type TaskSequence } from './task-matrix.ts'

/** A table with a title, for any rendering. */
export interface TitledTable {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Whose matrices tables show; the page and CSV have all. */
const MATRIX_METRICS: readonly string[] = ['image.auroc', 'pixel.auroc']

/** Averages and forgetting of experiments over several tasks, and the matrices of every task after every task; empty without such experiments. */
export function sequenceTables(records: readonly ExperimentRecord[]): readonly TitledTable[] {
  const sequences = taskSequences(records)
  if (sequences.length === 0) return []
  const known = metricIds(sequences.flatMap((sequence) => sequence.records))
  const metrics = TABLE_METRICS.filter((id) => known.includes(id))
  const shown = metrics.length > 0 ? metrics : known.slice(0, 1)
  const inMatrices = MATRIX_METRICS.filter((id) => known.includes(id))
  return [
    summaryTable(sequences, shown),
    ...sequences.flatMap((sequence) =>
      (inMatrices.length > 0 ? inMatrices : shown.slice(0, 1))
        .map((metric) => taskMatrix(sequence, metric))
        .filter(({ cells }) => cells.some((row) => row.some((cell) => cell !== null)))
        .map((matrix) => matrixTable(sequence, matrix)),
    ),
  ]
}

/** What the numbers of a sequence are called: `patchcore on synthetic, continual, memory append`. */
export function sequenceName({ algorithm, dataset, paradigm, variant }: TaskSequence): string {
  return [`${algorithm} on ${dataset}`, paradigm, variant].filter((part) => part !== '').join(', ')
}

function summaryTable(sequences: readonly TaskSequence[], metrics: readonly string[]): TitledTable {
  const withVariant = sequences.some(({ variant }) => variant !== '')
  const measures = (['average', 'FM', 'own task'] as const).map((measure) => ({ measure, cellOf: MEASURES[measure] }))
  return {
    title: 'Several tasks: average after the last one, forgetting measure (FM), and mean right after each own task',
    header: ['dataset', 'algorithm', 'paradigm', ...(withVariant ? ['variant'] : []), 'measure', ...metrics],
    rows: sequences.flatMap((sequence) => {
      const matrices = metrics.map((metric) => taskMatrix(sequence, metric))
      const { dataset, algorithm, paradigm, variant } = sequence
      const named = [dataset, algorithm, paradigm, ...(withVariant ? [variant] : [])]
      return measures.map(({ measure, cellOf }) => [...named, measure, ...matrices.map(cellOf)])
    }),
  }
}

const MEASURES = {
  average: ({ averages }: TaskMatrix): string => number(averages.at(-1) ?? null),
  FM: ({ forgetting }: TaskMatrix): string => metricCell(forgetting),
  'own task': ({ ownTask }: TaskMatrix): string => metricCell(ownTask),
} as const

/** Rows are what was learned last, columns what is tested; the last row is what was lost of each task, its mean the forgetting measure. */
export function matrixTable(sequence: TaskSequence, { metric, cells, averages, forgotten, forgetting }: TaskMatrix): TitledTable {
  return {
    title: `${metric} of ${sequenceName(sequence)}: after learning a row's task, tested on a column's`,
    header: ['after', ...sequence.tasks, 'average'],
    rows: [
      ...sequence.tasks.map((task, after) => [
        task,
        ...(cells[after] ?? []).map((cell, place) => (place > after && cell === null ? '' : metricCell(cell))),
        number(averages[after] ?? null),
      ]),
      [
        'forgotten',
        ...forgotten.map((loss, place) => (place === forgotten.length - 1 ? '' : number(loss))),
        `${metricCell(forgetting)} FM`,
      ],
    ],
  }
}

function number(value: number | null): string {
  // A loss of less than half a thousandth is none, whichever way.
  return value === null ? '-' : value.toFixed(3).replace(/^-(0\.0+)$/, '$1')
}
