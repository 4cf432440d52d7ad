import type { ExperimentRecord } from '../store/record.ts'
import type { ExperimentJob } from '../runner/job.ts'
import type { ParameterSchema } from './parameters.ts'
import type { PluginBase } from './plugin.ts'

/** What an executor tells while it works. */
export type ExecutorEvent =
  | { readonly kind: 'started'; readonly hash: string }
  | { readonly kind: 'progress'; readonly hash: string; readonly fraction: number; readonly stage: string }
  /** What a plugin printed or logged: never on the command's own standard output. */
  | { readonly kind: 'log'; readonly hash: string; readonly line: string }
  /** Done or failed: a record in either case. */
  | { readonly kind: 'finished'; readonly hash: string; readonly record: ExperimentRecord }

export interface ExecutorRequest {
  readonly jobs: readonly ExperimentJob[]
  readonly onEvent: (event: ExecutorEvent) => void
  /** Aborting stops experiments in flight at once; they get no record. */
  readonly signal: AbortSignal
}

/** Carries experiments out somewhere. */
export interface Executor {
  /**
   * Resolves when every job has a record or the signal was aborted. One failing job never stops the others.
   * Throws only for what is no job's fault and would fail them all (a full disk, no more processes), after those in flight have stopped.
   */
  execute(request: ExecutorRequest): Promise<void>
  dispose(): Promise<void>
}

/** Where experiments run: child processes, a queue, a cluster. */
export interface ExecutorPlugin<Parameters extends object = object> extends PluginBase {
  readonly kind: 'executor'
  readonly parameters: ParameterSchema<Parameters>
  create(parameters: Parameters): Promise<Executor>
}
