import { isRecord } from '../discovery/package-manifest.ts'
import { parseRecord } from '../store/parse-record.ts'
import type { ExperimentRecord } from '../store/record.ts'
import type { ExperimentJob } from './job.ts'

/** What the parent sends: once. */
export interface JobMessage {
  readonly kind: 'job'
  readonly job: ExperimentJob
  /** The process that sends it. */
  readonly parent: number
}

/** What the child sends: progress and log messages, then one of the others. */
export type ChildMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly stage: string }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'record'; readonly record: ExperimentRecord }
  /** An error that nobody caught: a promise that a plugin did not await, a callback that threw. */
  | { readonly kind: 'stray'; readonly problem: string }
  /** The run folder can't be written: that is not the experiment's fault, and gives no record. */
  | { readonly kind: 'unwritable'; readonly problem: string; readonly code: string }

/** A message as it arrived; `null` for anything that is none: plugins can send as well. A record of another experiment is none either. */
export function parseChildMessage(value: unknown, hash: string): ChildMessage | null {
  if (!isRecord(value)) return null
  const { kind, fraction, stage, line, problem, code } = value
  if (kind === 'progress' && typeof fraction === 'number' && typeof stage === 'string') return { kind, fraction, stage }
  if (kind === 'log' && typeof line === 'string') return { kind, line }
  if (kind === 'unwritable' && typeof problem === 'string' && typeof code === 'string') return { kind, problem, code }
  if (kind === 'stray' && typeof problem === 'string') return { kind, problem }
  if (kind !== 'record') return null
  const parsed = parseRecord(value['record'], hash)
  return parsed.kind === 'record' ? { kind, record: parsed.record } : null
}
