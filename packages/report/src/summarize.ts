import type { ExperimentRecord } from '@im-iad/core'
import { resultRows } from './result-rows.ts'

/** The means of one dataset, algorithm and paradigm (and variant), for programs. */
export interface SummaryEntry {
  readonly dataset: string
  readonly algorithm: string
  readonly paradigm: string
  readonly variant: string
  readonly categories: number
  readonly seeds: number
  /** Means over categories of the means over seeds; `null` where one is missing. */
  readonly metrics: Readonly<Record<string, number | null>>
  /** Sample standard deviations over seeds; only where one category was run. */
  readonly deviations: Readonly<Record<string, number | null>>
}

/** Means over seeds and categories, one entry per dataset, algorithm, paradigm and variant. */
export function summarize(records: readonly ExperimentRecord[]): readonly SummaryEntry[] {
  const rows = resultRows(records)
  return rows
    .filter((row) => row.kind === 'mean' || !rows.some((other) => other.kind === 'mean' && isSame(other, row)))
    .map((row) => ({
      dataset: row.dataset,
      algorithm: row.algorithm,
      paradigm: row.paradigm,
      variant: row.variant,
      categories: rows.filter((other) => other.kind === 'category' && isSame(other, row)).length,
      seeds: row.seeds,
      metrics: Object.fromEntries(Object.entries(row.metrics).map(([id, value]) => [id, value?.mean ?? null])),
      deviations: Object.fromEntries(Object.entries(row.metrics).map(([id, value]) => [id, value?.deviation ?? null])),
    }))
}

type RowKey = Pick<SummaryEntry, 'dataset' | 'algorithm' | 'paradigm' | 'variant'>

function isSame(a: RowKey, b: RowKey): boolean {
  return a.dataset === b.dataset && a.algorithm === b.algorithm && a.paradigm === b.paradigm && a.variant === b.variant
}
