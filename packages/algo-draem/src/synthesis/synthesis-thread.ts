import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { SynthesisJob, SynthesizedBatch } from './synthesize.ts'
import type { WorkerAnswer } from './synthesis-worker.ts'

/** Makes batches in a thread of its own, while this one's engine computes. */
export interface SynthesisThread {
  /** @param job - its pixels are moved to the thread: hand over copies */
  synthesize(job: SynthesisJob): Promise<SynthesizedBatch>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (batch: SynthesizedBatch) => void
  readonly reject: (reason: unknown) => void
}

/** Found by the package's own name, so that it is the built file in tests of the sources too. */
const ENTRY = '@im-iad/algo-draem/synthesis-worker'

export function startSynthesisThread(): SynthesisThread {
  const worker = new Worker(createRequire(import.meta.url).resolve(ENTRY))
  // A thread that waits for work keeps no process alive.
  worker.unref()
  const waiting = new Map<number, Waiting>()
  let [asked, ended]: [number, unknown] = [0, null]
  const end = (reason: unknown): void => {
    ended ??= reason
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
  }
  worker.on('message', (answer: WorkerAnswer) => {
    const { resolve, reject } = waiting.get(answer.id) ?? { resolve: () => undefined, reject: () => undefined }
    waiting.delete(answer.id)
    if (waiting.size === 0) worker.unref()
    if ('batch' in answer) resolve(answer.batch)
    else reject(answer.failure)
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the thread that makes damaged pictures has ended')))
  return {
    synthesize(job) {
      if (ended !== null) return Promise.reject(ended)
      return new Promise((resolve, reject) => {
        const id = asked++
        waiting.set(id, { resolve, reject })
        worker.ref()
        worker.postMessage({ id, job }, movedBuffers(job))
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}

function movedBuffers({ items }: SynthesisJob): ArrayBuffer[] {
  return items.map(({ pixels }) => pixels.buffer as ArrayBuffer)
}
