import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ImIadError } from '@im-iad/core'
import { fitProcessDied } from '../errors.ts'
import type { FitJob, FitOutcome } from './fit-job.ts'
import type { FitChildMessage } from './fit-messages.ts'
import type { FitListener } from './run-fit-job.ts'

const ENTRY = fileURLToPath(new URL('./fit-child-entry.js', import.meta.url))

/** Lines of what the child printed that are shown when it dies. */
const LAST_LINES = 8

/**
 * Fits in a process of its own: a native call blocks its event loop for as long as it takes, so only a process can be stopped at any moment, and what it took of memory is given back.
 * @throws ImIadError as the child threw it, IM_IAD_E_FIT when it died; the signal's reason when aborted
 */
export function fitInChild(job: FitJob, { onProgress, onLog, signal }: FitListener): Promise<FitOutcome> {
  signal.throwIfAborted()
  const child = fork(ENTRY, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const printed: string[] = []
  const note = (line: string): void => {
    printed.push(line)
    onLog(line)
  }
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) createInterface({ input: stream }).on('line', note)
  return new Promise((resolve, reject) => {
    let outcome: FitOutcome | null = null
    let failure: Error | null = null
    const onAbort = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', onAbort, { once: true })
    child.on('message', (message: FitChildMessage) => {
      if (message.kind === 'progress') onProgress(message)
      else if (message.kind === 'log') onLog(message.line)
      else if (message.kind === 'outcome') outcome = message.outcome
      else failure = message.facts === null ? new Error(message.message) : new ImIadError(message.facts)
    })
    child.once('error', (error) => {
      failure ??= error
    })
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', onAbort)
      if (signal.aborted) reject(signal.reason)
      else if (failure !== null) reject(failure)
      else if (outcome !== null) resolve(outcome)
      else
        reject(
          fitProcessDied(killedBy === null ? `it exited with code ${code}` : `it was killed by ${killedBy}`, printed.slice(-LAST_LINES)),
        )
    })
    child.send({ kind: 'job', job })
  })
}
