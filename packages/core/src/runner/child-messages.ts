import type { ExperimentRecord } from '../store/record.ts'
import type { ExperimentJob } from './job.ts'

/** What the parent sends: once. */
export interface JobMessage {
  readonly kind: 'job'
  readonly job: ExperimentJob
}

/** What the child sends: progress and log messages, then one record. */
export type ChildMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly stage: string }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'record'; readonly record: ExperimentRecord }
