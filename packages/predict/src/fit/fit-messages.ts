import type { ErrorFacts } from '@im-iad/core'
import type { FitJob, FitOutcome } from './fit-job.ts'

/** What the parent sends: once. */
export interface FitJobMessage {
  readonly kind: 'job'
  readonly job: FitJob
}

/** What the child sends: progress and log lines, then an outcome or a failure. */
export type FitChildMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly stage: string }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'outcome'; readonly outcome: FitOutcome }
  | { readonly kind: 'failed'; readonly message: string; readonly facts: Omit<ErrorFacts, 'cause'> | null }
