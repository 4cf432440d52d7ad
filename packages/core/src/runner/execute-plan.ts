import type { Executor, ExecutorEvent } from '../contracts/executor.ts'
import type { Plan } from '../plan/build-plan.ts'
import type { ExperimentRecord } from '../store/record.ts'
import { lockRun } from '../store/run-lock.ts'
import type { RunStore } from '../store/run-store.ts'

export interface ExecutePlanRequest {
  readonly plan: Plan
  readonly store: RunStore
  readonly executor: Executor
  /** Whether experiments whose record says `failed` run again. */
  readonly retryFailed: boolean
  readonly onEvent: (event: ExecutorEvent) => void
  readonly signal: AbortSignal
}

export interface ExecutedPlan {
  /** One per experiment of the plan that has a record, in the plan's order. */
  readonly records: readonly ExperimentRecord[]
  /** How many of them were there before. */
  readonly reused: number
  readonly interrupted: boolean
}

/**
 * Carries out what has no record yet, under the run's lock. Each record is written as soon as its experiment ends.
 * @throws ImIadError IM_IAD_E_LOCKED, or IM_IAD_E_STORE when a record can't be written (experiments in flight are stopped)
 */
export async function executePlan(request: ExecutePlanRequest): Promise<ExecutedPlan> {
  const { plan, store, signal } = request
  const unlock = await lockRun(store.directory)
  try {
    await store.savePlan(plan.experiments)
    const existing = await existingRecords(request)
    const jobs = plan.experiments.filter(({ job }) => !existing.has(job.hash)).map(({ job }) => ({ ...job, runDirectory: store.directory }))
    const reused = existing.size
    const fresh = await executeJobs(jobs, request)
    const records = plan.experiments.flatMap(({ job }) => existing.get(job.hash) ?? fresh.get(job.hash) ?? [])
    return { records, reused, interrupted: signal.aborted }
  } finally {
    await unlock()
  }
}

async function existingRecords({ plan, store, retryFailed }: ExecutePlanRequest): Promise<ReadonlyMap<string, ExperimentRecord>> {
  const existing = new Map<string, ExperimentRecord>()
  for (const { job } of plan.experiments) {
    const record = await store.read(job.hash)
    if (record !== null && (record.status === 'done' || !retryFailed)) existing.set(job.hash, record)
  }
  return existing
}

async function executeJobs(
  jobs: Parameters<Executor['execute']>[0]['jobs'],
  request: ExecutePlanRequest,
): Promise<ReadonlyMap<string, ExperimentRecord>> {
  const { store, executor, onEvent, signal } = request
  const fresh = new Map<string, ExperimentRecord>()
  const failed = new AbortController()
  // One after another: log lines keep their order, and a record follows its last line.
  let writing = Promise.resolve()
  const write = (work: () => Promise<void>): void => {
    writing = writing.then(work).catch((error: unknown) => failed.abort(error))
  }
  await executor.execute({
    jobs,
    signal: AbortSignal.any([signal, failed.signal]),
    onEvent(event) {
      if (event.kind === 'log') write(() => store.appendLog(event.hash, event.line))
      if (event.kind === 'finished') {
        fresh.set(event.hash, event.record)
        write(() => store.save(event.record))
      }
      onEvent(event)
    },
  })
  await writing
  if (failed.signal.aborted) throw failed.signal.reason
  return fresh
}
