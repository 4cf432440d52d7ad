import type { ChildMessage, JobMessage } from './child-messages.ts'
import { runExperiment } from './run-experiment.ts'

/** The process of one experiment. It ends when its channel closes, so it never outlives the command that started it. */
const abort = new AbortController()
process.on('disconnect', () => process.exit(1))
process.once('message', (message: JobMessage) => void work(message))

async function work({ job }: JobMessage): Promise<void> {
  const record = await runExperiment(job, {
    onProgress: throttle(({ fraction, stage }) => send({ kind: 'progress', fraction, stage })),
    onLog: (line) => send({ kind: 'log', line }),
    signal: abort.signal,
  })
  send({ kind: 'record', record }, () => process.exit(0))
}

function send(message: ChildMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent)
}

/** Passes on at most ten calls a second; the last of a burst may be lost, progress is only for people. */
function throttle<Value>(listener: (value: Value) => void): (value: Value) => void {
  let last = 0
  return (value) => {
    const now = Date.now()
    if (now - last < 100 && now >= last) return
    last = now
    listener(value)
  }
}
