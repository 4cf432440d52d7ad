import type { ExperimentRecord } from '@im-iad/core'
import { stringify } from 'csv-stringify/sync'
import { metricIds } from './result-rows.ts'

/** One line per experiment with everything that an analysis needs: metrics, parameters as JSON, times and memory. RFC 4180. Text that would be a formula is made inert. */
export function renderCsv(records: readonly ExperimentRecord[]): string {
  const metrics = metricIds(records)
  return stringify(
    records.map((record) => ({
      ...identity(record),
      ...Object.fromEntries(metrics.map((id) => [inert(id), record.metrics[id] ?? ''])),
      ...cost(record),
    })),
    { header: true, bom: false },
  )
}

/** One line per evaluation: what was learned last, what is tested, counts and metrics. Experiments without evaluations have no line. */
export function renderEvaluationsCsv(records: readonly ExperimentRecord[]): string {
  const metrics = [...new Set(records.flatMap(({ evaluations }) => evaluations.flatMap((evaluation) => Object.keys(evaluation.metrics))))]
  const columns = [...IDENTITY, 'after_task', 'task', 'trained', 'tested_normal', 'tested_anomalous', ...metrics.map(inert)]
  const lines = records.flatMap((record) =>
    record.evaluations.map(({ afterTask, task, counts, metrics: values }) => ({
      ...identity(record),
      after_task: inert(afterTask),
      task: inert(task),
      trained: counts.train,
      tested_normal: counts.testNormal,
      tested_anomalous: counts.testAnomalous,
      ...Object.fromEntries(metrics.map((id) => [inert(id), values[id] ?? ''])),
    })),
  )
  return stringify(lines, { header: true, bom: false, columns })
}

/** What tells an evaluation's experiment from others. */
const IDENTITY: readonly string[] = [
  'hash',
  'dataset',
  'algorithm',
  'paradigm',
  'seed',
  'budget',
  'algorithm_parameters',
  'paradigm_parameters',
]

function identity(record: ExperimentRecord): Readonly<Record<string, string | number>> {
  const { inputs } = record
  return {
    hash: record.hash,
    dataset: inert(record.dataset),
    category: inert(record.category ?? ''),
    algorithm: inert(record.algorithm),
    paradigm: inert(record.paradigm),
    seed: record.seed,
    budget: record.budget,
    frame: record.frame,
    engine: inert(inputs.engine),
    backbones: inert(inputs.backbones.map((backbone) => backbone.name).join(' ')),
    status: record.status,
    error: inert(record.error?.code ?? ''),
    leaky: inert(record.leaky ?? ''),
    dataset_parameters: JSON.stringify(inputs.dataset.parameters),
    algorithm_parameters: JSON.stringify(inputs.algorithm.parameters),
    paradigm_parameters: JSON.stringify(inputs.paradigm.parameters),
  }
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises ("CSV Injection"); numbers stay as they are. */
function inert(text: string): string {
  return /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(text) ? `'${text}` : text
}

function cost({ measured }: ExperimentRecord): Readonly<Record<string, string | number>> {
  return {
    fit_seconds: measured.seconds.fit,
    predict_ms_p50: measured.latency['predict']?.p50 ?? '',
    predict_ms_p95: measured.latency['predict']?.p95 ?? '',
    peak_memory_bytes: measured.peakMemoryBytes,
  }
}
