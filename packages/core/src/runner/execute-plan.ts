import type { Executor, ExecutorEvent } from '../contracts/executor.ts'
import type { Plan } from '../plan/build-plan.ts'
import type { ExperimentRecord } from '../store/record.ts'
import type { RunStore } from '../store/run-store.ts'
import { createRunWriter } from './run-writer.ts'

export interface ExecutePlanRequest {
  readonly plan: Plan
  readonly store: RunStore
  readonly executor: Executor
  /** Whether experiments whose record says `failed` run again. */
  readonly retryFailed: boolean
  /** Called once, when the lock is held and it is known what there is to do. */
  readonly onStart?: (start: RunStart) => void
  readonly onEvent: (event: ExecutorEvent) => void
  readonly signal: AbortSignal
}

/** Where a run begins. */
export interface RunStart {
  /** Experiments of the plan that have a record already. */
  readonly reused: number
  /** Experiments to do. */
  readonly toDo: number
  /** Which process left the run without finishing, in words; `null` when none did. */
  readonly leftBy: string | null
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
 * @throws ImIadError IM_IAD_E_LOCKED, or IM_IAD_E_STORE when the folder can't be written (experiments in flight are stopped)
 */
export async function executePlan(request: ExecutePlanRequest): Promise<ExecutedPlan> {
  const { plan, store, signal } = request
  const lock = await store.lock()
  try {
    await store.savePlan(plan.experiments)
    const existing = await existingRecords(request)
    // Its record was written, but the process was killed before it could clear up.
    for (const { hash, status } of existing.values()) if (status === 'done') await store.finishWork(hash, 'nothing')
    const toDo = plan.experiments.filter(({ job }) => !existing.has(job.hash))
    const reused = existing.size
    request.onStart?.({ reused, toDo: toDo.length, leftBy: lock.leftBy })
    await store.saveData(toDo)
    const fresh = await executeJobs(
      toDo.map(({ job }) => ({ ...job, runDirectory: store.directory })),
      request,
    )
    const records = plan.experiments.flatMap(({ job }) => existing.get(job.hash) ?? fresh.get(job.hash) ?? [])
    return { records, reused, interrupted: signal.aborted }
  } finally {
    await store.removeData().catch(() => undefined)
    await lock.release()
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
  { store, executor, onEvent, signal }: ExecutePlanRequest,
): Promise<ReadonlyMap<string, ExperimentRecord>> {
  const fresh = new Map<string, ExperimentRecord>()
  const writer = createRunWriter(store)
  try {
    await executor.execute({
      jobs,
      signal: AbortSignal.any([signal, writer.failed]),
      onEvent(event) {
        if (event.kind === 'started') writer.start(event.hash)
        if (event.kind === 'log') writer.log(event.hash, event.line)
        if (event.kind === 'finished') {
          // A record is immutable: the first one counts.
          if (fresh.has(event.hash)) return
          fresh.set(event.hash, event.record)
          writer.finish(event.record)
        }
        onEvent(event)
      },
    })
  } finally {
    await writer.flush()
  }
  writer.failed.throwIfAborted()
  return fresh
}
