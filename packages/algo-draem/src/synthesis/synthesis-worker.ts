import { parentPort } from 'node:worker_threads'
import { synthesize, type SynthesisJob, type SynthesizedBatch } from './synthesize.ts'

/** A batch that was asked for, or why it could not be made. */
export type WorkerAnswer = { readonly id: number; readonly batch: SynthesizedBatch } | { readonly id: number; readonly failure: unknown }

export interface WorkerRequest {
  readonly id: number
  readonly job: SynthesisJob
}

/** The thread's side: batches are made one after another, in the order in which they were asked for. */
parentPort?.on('message', ({ id, job }: WorkerRequest) => {
  try {
    const batch = synthesize(job)
    answer({ id, batch }, [batch.clean.buffer, batch.damaged.buffer, batch.mask.buffer])
  } catch (failure) {
    answer({ id, failure }, [])
  }
})

function answer(message: WorkerAnswer, moved: readonly ArrayBufferLike[]): void {
  parentPort?.postMessage(message, moved as ArrayBuffer[])
}
