import type { ExperimentRecord } from '@im-iad/core'
import { meanAndDeviation, type MeanAndDeviation } from './statistics.ts'

/** The metrics of tables, in their order; CSV, JSON and the page have all. */
export const TABLE_METRICS = ['image.auroc', 'image.ap', 'pixel.auroc', 'pixel.ap', 'pixel.aupro'] as const

/** One row of a table: the experiments that differ in their seed only, or the mean over categories. */
export interface ResultRow {
  readonly dataset: string
  /** `null` for an experiment over the whole dataset; `a + b` for one over categories that were chosen. */
  readonly category: string | null
  readonly algorithm: string
  readonly paradigm: string
  /** Parameters that vary between the rows of one algorithm or paradigm: `coresetRatio 0.1`. */
  readonly variant: string
  readonly kind: 'category' | 'mean'
  /** By metric id, over seeds; for a mean row over categories of the means over seeds. */
  readonly metrics: Readonly<Record<string, MeanAndDeviation | null>>
  /** Why a metric is missing, by metric id. */
  readonly reasons: Readonly<Record<string, string>>
  readonly seeds: number
  readonly fitSeconds: number
  readonly predictMilliseconds: number
  readonly peakMegabytes: number
  readonly leaky: string | null
}

/** Groups the records of experiments that are done into rows, with a mean row wherever several categories were run. */
export function resultRows(records: readonly ExperimentRecord[]): readonly ResultRow[] {
  return groupBySetting(records).flatMap(({ records: group, variant }) => {
    const rows = groupBy(group, (record) => String(record.category)).map((seeds) => rowOf(seeds, variant))
    return rows.length > 1 ? [...rows, meanRow(rows)] : rows
  })
}

/** Experiments that differ in category and seed only. */
export interface SettingGroup {
  readonly records: readonly ExperimentRecord[]
  /** See {@link ResultRow.variant}. */
  readonly variant: string
}

/** The records of experiments that are done, by dataset, algorithm, paradigm and what varies of their parameters. */
export function groupBySetting(records: readonly ExperimentRecord[]): readonly SettingGroup[] {
  const done = records.filter((record) => record.status === 'done')
  const variants = variantsOf(done)
  const groups = groupBy(done, (record) => JSON.stringify([record.dataset, record.algorithm, record.paradigm, variants(record)]))
  return groups.map((group) => ({ records: group, variant: group.slice(0, 1).map(variants).join('') }))
}

/** All metrics of any record, those of tables first. */
export function metricIds(records: readonly ExperimentRecord[]): readonly string[] {
  const known = [...new Set(records.flatMap((record) => Object.keys(record.metrics)))]
  return [...TABLE_METRICS.filter((id) => known.includes(id)), ...known.filter((id) => !TABLE_METRICS.some((other) => other === id))]
}

/** In the order in which keys first appear. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return [...groups.values()]
}

function rowOf(records: readonly ExperimentRecord[], variant: string): ResultRow {
  const [first] = records
  if (first === undefined) throw new RangeError('a row has at least one record')
  const { dataset, algorithm, paradigm } = first
  const category = first.category ?? first.inputs.categories?.join(' + ') ?? null
  const over = (value: (record: ExperimentRecord) => number): number => meanAndDeviation(records.map(value))?.mean ?? 0
  return {
    dataset,
    category,
    algorithm,
    paradigm,
    variant,
    kind: 'category',
    metrics: Object.fromEntries(metricIds(records).map((id) => [id, overSeeds(records, id)])),
    reasons: Object.assign({}, ...records.map((record) => record.reasons)),
    seeds: new Set(records.map((record) => record.seed)).size,
    fitSeconds: over((record) => record.measured.seconds.fit),
    predictMilliseconds: over((record) => record.measured.latency['predict']?.p50 ?? 0),
    peakMegabytes: Math.max(...records.map((record) => record.measured.peakMemoryBytes / 1e6)),
    leaky: records.find((record) => record.leaky !== null)?.leaky ?? null,
  }
}

/** A mean only where every seed has a number: a mean over some would be of something else. */
export function overSeeds(records: readonly ExperimentRecord[], id: string): MeanAndDeviation | null {
  const values = records.flatMap((record) => record.metrics[id] ?? [])
  return values.length === records.length ? meanAndDeviation(values) : null
}

function meanRow(rows: readonly ResultRow[]): ResultRow {
  const [first] = rows
  if (first === undefined) throw new RangeError('a mean has at least one row')
  const ids = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))]
  const over = (value: (row: ResultRow) => number): number => meanAndDeviation(rows.map(value))?.mean ?? 0
  const metrics = ids.map((id): [string, MeanAndDeviation | null] => {
    const values = rows.flatMap((row) => row.metrics[id]?.mean ?? [])
    const mean = values.length === rows.length ? meanAndDeviation(values) : null
    return [id, mean === null ? null : { ...mean, deviation: null }]
  })
  return {
    ...first,
    kind: 'mean',
    category: `mean of ${rows.length}`,
    metrics: Object.fromEntries(metrics),
    reasons: Object.assign({}, ...rows.map((row) => row.reasons)),
    seeds: Math.min(...rows.map((row) => row.seeds)),
    fitSeconds: over((row) => row.fitSeconds),
    predictMilliseconds: over((row) => row.predictMilliseconds),
    peakMegabytes: Math.max(...rows.map((row) => row.peakMegabytes)),
    leaky: rows.find((row) => row.leaky !== null)?.leaky ?? null,
  }
}

/** The parameters in which records of one algorithm, paradigm or dataset differ, and what the run's conditions differ in. */
function variantsOf(records: readonly ExperimentRecord[]): (record: ExperimentRecord) => string {
  const described = (record: ExperimentRecord): readonly (readonly [string, string, string])[] => {
    const { algorithm, paradigm, dataset } = record.inputs
    const plugins = [algorithm, paradigm, dataset].flatMap(({ id, parameters }) =>
      Object.entries(parameters).map(([name, value]) => [id, name, JSON.stringify(value)] as const),
    )
    const categories = record.inputs.categories?.join(' ') ?? 'all'
    const conditions = Object.entries({ budget: record.budget, frame: record.frame, engine: record.inputs.engine, categories }).map(
      ([name, value]) => ['run', name, value] as const,
    )
    return [...plugins, ...conditions]
  }
  const values = new Map<string, Set<string>>()
  for (const [owner, name, value] of records.flatMap(described))
    values.set(`${owner}.${name}`, (values.get(`${owner}.${name}`) ?? new Set()).add(value))
  return (record) =>
    described(record)
      .filter(([owner, name]) => (values.get(`${owner}.${name}`)?.size ?? 0) > 1)
      .map(([, name, value]) => `${name} ${value.replaceAll('"', '')}`)
      .join(', ')
}
