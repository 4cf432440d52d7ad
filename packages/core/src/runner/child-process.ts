import { fork } from 'node:child_process'
import { cpus, platform } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childDied, memoryLimitReached, timeLimitReached } from '../errors/experiment-errors.ts'
import type { ExperimentRecord, MeasuredRecord } from '../store/record.ts'
import type { ChildMessage } from './child-messages.ts'
import { createRecord } from './create-record.ts'
import { engineEnvironment } from './engine-environment.ts'
import type { ExperimentJob } from './job.ts'
import { watchMemory } from './watch-memory.ts'

export interface ChildListener {
  readonly onProgress: (fraction: number, stage: string) => void
  readonly onLog: (line: string) => void
  readonly signal: AbortSignal
}

const ENTRY = fileURLToPath(new URL('./child-entry.js', import.meta.url))

/**
 * Runs one experiment in a process of its own, which can always be killed: a native call blocks its event loop for as long as it takes.
 * What plugins print goes to the log. A process that dies, or passes a limit, leaves a failed record.
 * @returns `null` when the signal was aborted
 */
export async function runInChildProcess(job: ExperimentJob, listener: ChildListener): Promise<ExperimentRecord | null> {
  if (listener.signal.aborted) return null
  const startedAt = new Date()
  const child = fork(ENTRY, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...engineEnvironment(job.inputs) } })
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) createInterface({ input: stream }).on('line', listener.onLog)
  return new Promise((resolve) => {
    let record: ExperimentRecord | null = null
    let reason: Error | null = null
    const kill = (why: Error | null): void => {
      reason = why
      child.kill('SIGKILL')
    }
    const onAbort = (): void => kill(null)
    listener.signal.addEventListener('abort', onAbort, { once: true })
    const { timeLimitSeconds, memoryLimitBytes, hash } = job
    const timer =
      timeLimitSeconds === null ? undefined : setTimeout(() => kill(timeLimitReached(timeLimitSeconds)), timeLimitSeconds * 1000)
    const watch =
      memoryLimitBytes === null || child.pid === undefined
        ? undefined
        : watchMemory(child.pid, memoryLimitBytes, () => kill(memoryLimitReached(memoryLimitBytes)))
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'progress') listener.onProgress(message.fraction, message.stage)
      else if (message.kind === 'log') listener.onLog(message.line)
      else if (message.record.hash === hash) record = message.record
    })
    child.once('error', (error) => {
      reason ??= error
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      watch?.stop()
      listener.signal.removeEventListener('abort', onAbort)
      if (listener.signal.aborted) resolve(null)
      else
        resolve(
          record ??
            createRecord(job, { status: 'failed', error: reason ?? childDied(describeEnd(code, signal)) }, measuredOutside(startedAt)),
        )
    })
    child.send({ kind: 'job', job })
  })
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `it was killed by ${signal}`
  return code === 134
    ? 'it aborted (exit code 134): JavaScript ran out of heap memory, or a native library failed'
    : `it exited with code ${code}`
}

/** What can be said of a process that left nothing. */
function measuredOutside(startedAt: Date): MeasuredRecord {
  return {
    startedAt: startedAt.toISOString(),
    seconds: { total: Math.round(Date.now() - startedAt.getTime()) / 1000, fit: 0, predict: 0, metrics: 0 },
    latency: {},
    peakMemoryBytes: 0,
    host: { platform: `${platform()}-${process.arch}`, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
    versions: {},
  }
}
