import { once } from 'node:events'
import type { Executor, ExecutorRequest } from '../contracts/executor.ts'
import { storageFault, unwritableStore } from '../errors/store-errors.ts'
import type { ExperimentRecord } from '../store/record.ts'
import { runInChildProcess, type ChildListener } from './child-process.ts'
import { engineEnvironment } from './engine-environment.ts'
import type { ExperimentJob } from './job.ts'
import { createMemoryGuard, type MemoryGuard } from './memory-guard.ts'
import { runExperiment } from './run-experiment.ts'

export interface LocalExecutorOptions {
  /** Experiments at a time. */
  readonly workers: number
  /** `child-process`, or `in-process` for debuggers: there neither time nor memory limits hold, and what plugins print is not kept apart. */
  readonly isolation: 'child-process' | 'in-process'
  /** What experiments without a memory limit of their own may take together; 85 % of the machine's memory, or of the control group's, when absent. */
  readonly sharedMemoryBytes?: number
}

/** The executor of one machine. */
export function createLocalExecutor({ workers, isolation, sharedMemoryBytes }: LocalExecutorOptions): Executor {
  const memory = createMemoryGuard(sharedMemoryBytes)
  return {
    async execute(request) {
      const queue = request.jobs.values()
      // What stops one lane for good (a full disk) stops the others, and is thrown when all have come to rest.
      const failure = new AbortController()
      const signal = AbortSignal.any([request.signal, failure.signal])
      const lane = async (): Promise<void> => {
        for (const job of queue) {
          if (signal.aborted) return
          await executeOne(job, { ...request, signal }, isolation, memory)
        }
      }
      const guarded = (): Promise<void> => lane().catch((error: unknown) => failure.abort(error))
      await Promise.all(Array.from({ length: Math.max(1, workers) }, guarded))
      failure.signal.throwIfAborted()
    },
    dispose: () => Promise.resolve(),
  }
}

async function executeOne(
  job: ExperimentJob,
  { onEvent, signal }: ExecutorRequest,
  isolation: LocalExecutorOptions['isolation'],
  memory: MemoryGuard,
): Promise<void> {
  const { hash } = job
  onEvent({ kind: 'started', hash })
  const listener: ChildListener = {
    onProgress: (fraction, stage) => onEvent({ kind: 'progress', hash, fraction, stage }),
    onLog: (line) => onEvent({ kind: 'log', hash, line }),
    signal,
  }
  const record = isolation === 'child-process' ? await runInChildProcess(job, listener, memory) : await runHere(job, listener)
  if (record !== null) onEvent({ kind: 'finished', hash, record })
}

/**
 * In this process; `null` as soon as the signal is aborted, even if a plugin does not look at it.
 * @throws ImIadError IM_IAD_E_STORE when the run folder can't be written
 */
async function runHere(job: ExperimentJob, { onProgress, onLog, signal }: ChildListener): Promise<ExperimentRecord | null> {
  if (signal.aborted) return null
  Object.assign(process.env, engineEnvironment(job.inputs))
  const over = new AbortController()
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => null)
  const experiment = runExperiment(job, { onProgress: ({ fraction, stage }) => onProgress(fraction, stage), onLog, signal })
  try {
    return await Promise.race([aborted, experiment])
  } catch (error) {
    if (signal.aborted) return null
    throw storageFault(error) === null ? error : unwritableStore(job.runDirectory, error)
  } finally {
    over.abort()
    // Nobody waits any more for the one that lost.
    await Promise.race([Promise.allSettled([aborted, experiment]), Promise.resolve()])
  }
}
