import type { Executor, ExecutorRequest } from '../contracts/executor.ts'
import type { ExperimentRecord } from '../store/record.ts'
import { runInChildProcess } from './child-process.ts'
import { engineEnvironment } from './engine-environment.ts'
import type { ExperimentJob } from './job.ts'
import { runExperiment } from './run-experiment.ts'

export interface LocalExecutorOptions {
  /** Experiments at a time. */
  readonly workers: number
  /** `child-process`, or `in-process` for debuggers: there neither time nor memory limits hold, and what plugins print is not kept apart. */
  readonly isolation: 'child-process' | 'in-process'
}

/** The executor of one machine. */
export function createLocalExecutor({ workers, isolation }: LocalExecutorOptions): Executor {
  return {
    async execute(request) {
      const queue = request.jobs.values()
      const lane = async (): Promise<void> => {
        for (const job of queue) {
          if (request.signal.aborted) return
          await executeOne(job, request, isolation)
        }
      }
      await Promise.all(Array.from({ length: Math.max(1, workers) }, lane))
    },
    dispose: () => Promise.resolve(),
  }
}

async function executeOne(
  job: ExperimentJob,
  { onEvent, signal }: ExecutorRequest,
  isolation: LocalExecutorOptions['isolation'],
): Promise<void> {
  const { hash } = job
  onEvent({ kind: 'started', hash })
  if (isolation === 'in-process') Object.assign(process.env, engineEnvironment(job.inputs))
  const onProgress = (fraction: number, stage: string): void => onEvent({ kind: 'progress', hash, fraction, stage })
  const onLog = (line: string): void => onEvent({ kind: 'log', hash, line })
  const record: ExperimentRecord | null =
    isolation === 'child-process'
      ? await runInChildProcess(job, { onProgress, onLog, signal })
      : await runExperiment(job, { onProgress: ({ fraction, stage }) => onProgress(fraction, stage), onLog, signal })
  if (record !== null) onEvent({ kind: 'finished', hash, record })
}
