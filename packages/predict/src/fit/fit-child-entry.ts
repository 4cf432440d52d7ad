import { isImIadError } from '@im-iad/core'
import { throttle, watchParent } from '@im-iad/core/machinery'
import type { FitChildMessage, FitJobMessage } from './fit-messages.ts'
import { runFitJob } from './run-fit-job.ts'

/** The process of one fit. It ends with the command that started it, even in the middle of a native call. */
watchParent(process.ppid)
process.on('disconnect', () => process.exit(1))
// Ctrl-C goes to the whole terminal; the parent decides.
process.on('SIGINT', () => undefined)
process.once('message', (message: FitJobMessage) => void work(message))

async function work({ job }: FitJobMessage): Promise<void> {
  try {
    const outcome = await runFitJob(job, {
      onProgress: throttle(({ fraction, stage }) => send({ kind: 'progress', fraction, stage })),
      onLog: (line) => send({ kind: 'log', line }),
      signal: new AbortController().signal,
    })
    send({ kind: 'outcome', outcome }, () => process.exit(0))
  } catch (error) {
    send(failure(error), () => process.exit(1))
  }
}

function failure(error: unknown): FitChildMessage {
  if (!isImIadError(error))
    return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error), facts: null }
  const { code, what, found, problem, fix } = error.facts
  const facts = { code, what, fix, ...(found === undefined ? {} : { found }), ...(problem === undefined ? {} : { problem }) }
  return { kind: 'failed', message: error.message, facts }
}

function send(message: FitChildMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent)
}
