import { writeFile } from 'node:fs/promises'
import { errorCode, storageFault } from '../errors/store-errors.ts'
import { claimWork } from '../store/work-folder.ts'
import type { ChildMessage, JobMessage } from './child-messages.ts'
import { describeError } from './create-record.ts'
import { endProcessGroup, watchParent } from './parent-watch.ts'
import { runExperiment } from './run-experiment.ts'
import { throttle } from './throttle.ts'

/** The process of one experiment. It ends when the command that started it is gone. */
const abort = new AbortController()
process.on('disconnect', endProcessGroup)
process.on('uncaughtException', stray)
process.on('unhandledRejection', stray)
process.once('message', (message: JobMessage) => void work(message))

async function work({ job, parent }: JobMessage): Promise<void> {
  try {
    await claimWork(job.runDirectory, job.hash)
    // Only now: a run that takes over from a killed one either finds the claim, or this process sees that it is an orphan.
    if (process.ppid !== parent) endProcessGroup()
    watchParent(parent)
    await offerToTheSystem()
    const record = await runExperiment(job, {
      onProgress: throttle(({ fraction, stage }) => send({ kind: 'progress', fraction, stage })),
      onLog: (line) => send({ kind: 'log', line }),
      signal: abort.signal,
    })
    send({ kind: 'record', record }, () => process.exit(0))
  } catch (error) {
    stray(error)
  }
}

/** When memory runs out, Linux shall end the experiment and not the command that records it. */
async function offerToTheSystem(): Promise<void> {
  await writeFile('/proc/self/oom_score_adj', '500').catch(() => undefined)
}

/** What was thrown where nobody could catch it ends the experiment: its state is unknown from here on. */
function stray(error: unknown): void {
  send({ kind: 'log', line: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  const storage = storageFault(error)
  const message: ChildMessage =
    storage === null
      ? { kind: 'stray', problem: describeError(error).message }
      : { kind: 'unwritable', problem: storage.message, code: errorCode(storage) ?? '' }
  send(message, () => process.exit(1))
}

function send(message: ChildMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent)
}
