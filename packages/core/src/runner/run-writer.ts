import type { ExperimentRecord } from '../store/record.ts'
import type { RunStore } from '../store/run-store.ts'

/** Writes what executors tell, one after another: log lines keep their order, and a record follows its last line. */
export interface RunWriter {
  /** Aborted, with the error, when something can't be written. Nothing is written after that. */
  readonly failed: AbortSignal
  start(hash: string): void
  log(hash: string, line: string): void
  finish(record: ExperimentRecord): void
  /** Resolves when all has been written, or has failed. */
  flush(): Promise<void>
}

/** Experiments that were ended from outside may go on from their checkpoints when they are tried again. */
const ENDED_FROM_OUTSIDE: readonly string[] = ['IM_IAD_E_TIME_LIMIT', 'IM_IAD_E_MEMORY_LIMIT', 'IM_IAD_E_CHILD']

export function createRunWriter(store: RunStore): RunWriter {
  const failure = new AbortController()
  let writing = Promise.resolve()
  const write = (work: () => Promise<void>): void => {
    writing = writing
      .then(() => (failure.signal.aborted ? undefined : work()))
      .catch((error: unknown) => {
        failure.abort(error)
      })
  }
  const pending = new Map<string, string[]>()
  return {
    failed: failure.signal,
    start: (hash) => write(() => store.startLog(hash)),
    log(hash, line) {
      const waiting = pending.get(hash)
      if (waiting !== undefined) return void waiting.push(line)
      // Whatever comes while the disk is busy is written in one go.
      const lines = [line]
      pending.set(hash, lines)
      write(() => {
        pending.delete(hash)
        return store.appendLog(hash, lines)
      })
    },
    finish(record) {
      const { hash, error } = record
      write(async () => {
        await store.save(record)
        await store.finishWork(hash, ENDED_FROM_OUTSIDE.includes(error?.code ?? '') ? 'checkpoints' : 'nothing')
      })
    },
    flush: () => writing,
  }
}
