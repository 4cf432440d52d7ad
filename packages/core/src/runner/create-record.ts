import { isImIadError } from '@im-iad/errors'
import { missingImport } from '../errors/missing-module-errors.ts'
import { RECORD_SCHEMA, type ErrorRecord, type ExperimentRecord, type MeasuredRecord, type PluginLocation } from '../store/record.ts'
import { NO_METRICS } from './compute-metrics.ts'
import type { ExperimentJob } from './job.ts'

/** How an experiment ended. */
export type Outcome =
  | ({ readonly status: 'done' } & Pick<ExperimentRecord, 'splitHash' | 'leaky' | 'notes' | 'evaluations' | 'metrics' | 'reasons'>)
  | { readonly status: 'failed'; readonly error: unknown }

/** The record of an experiment; its byte-stable part depends on the job and the outcome only. */
export function createRecord(job: ExperimentJob, outcome: Outcome, measured: MeasuredRecord): ExperimentRecord {
  const { inputs } = job
  const failure = { splitHash: null, leaky: null, notes: [], metrics: NO_METRICS, reasons: {}, evaluations: [] }
  const { status, ...rest } =
    outcome.status === 'done'
      ? { ...outcome, error: null }
      : { ...failure, status: outcome.status, error: describeError(outcome.error, job) }
  return {
    schema: RECORD_SCHEMA,
    hash: job.hash,
    dataset: inputs.dataset.id,
    category: inputs.category,
    algorithm: inputs.algorithm.id,
    paradigm: inputs.paradigm.id,
    seed: inputs.seed,
    budget: inputs.budget,
    frame: inputs.frame,
    status,
    ...rest,
    inputs,
    measured,
  }
}

/** An error as a record states it. @param job - whose plugins may have thrown it */
export function describeError(error: unknown, job: ExperimentJob | null = null): ErrorRecord {
  if (isImIadError(error)) return { code: error.code, message: error.message }
  const missing = missingImport(error, job === null ? [] : pluginsOf(job))
  if (missing !== null) return { code: missing.code, message: missing.message }
  if (error instanceof Error) return { code: 'IM_IAD_E_UNEXPECTED', message: `${error.name}: ${error.message}` }
  return { code: 'IM_IAD_E_UNEXPECTED', message: String(error) }
}

function pluginsOf({ dataset, algorithm, paradigm, metrics, backbones }: ExperimentJob): readonly PluginLocation[] {
  return [algorithm, dataset, paradigm, ...metrics, ...Object.values(backbones).map((backbone) => backbone.plugin)]
}
