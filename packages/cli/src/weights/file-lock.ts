import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from '@im-iad/core/machinery'
import { busyWeights } from './errors.ts'

const POLL_MILLISECONDS = 250

export interface LockOptions {
  readonly signal: AbortSignal
  /** Told once, when another command holds the lock. */
  readonly onWait: (holder: string) => void
  /** How long to wait for it. */
  readonly patienceMilliseconds: number
}

/**
 * Takes `<file>.lock`, so that two commands don't write one file; waits while another has it. A lock whose process is gone is taken over.
 * @returns releases it
 * @throws ImIadError IM_IAD_E_LOCKED after too long a wait; the signal's reason when it is aborted
 */
export async function lockFile(file: string, { signal, onWait, patienceMilliseconds }: LockOptions): Promise<() => Promise<void>> {
  const started = performance.now()
  for (let waits = 0; ; waits++) {
    signal.throwIfAborted()
    const attempt = await takeLock(`${file}.lock`)
    if (attempt.kind === 'taken') return attempt.release
    const holder = `process ${attempt.by.pid} on ${attempt.by.host}`
    if (performance.now() - started > patienceMilliseconds) throw busyWeights(file, holder)
    if (waits === 0) onWait(holder)
    await sleep(POLL_MILLISECONDS, undefined, { signal })
  }
}
