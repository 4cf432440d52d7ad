import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { platform } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { childDied, strayError, timeLimitReached, unstartableChild } from '../errors/experiment-errors.ts'
import { unwritableStore } from '../errors/store-errors.ts'
import { killGroup } from '../store/process-identity.ts'
import type { ExperimentRecord, MeasuredRecord } from '../store/record.ts'
import { captureOutput, limitLines } from './capture-output.ts'
import { parseChildMessage, type JobMessage } from './child-messages.ts'
import { createRecord } from './create-record.ts'
import { engineEnvironment } from './engine-environment.ts'
import { describeHost } from './host-record.ts'
import type { ExperimentJob } from './job.ts'
import type { MemoryGuard } from './memory-guard.ts'

export interface ChildListener {
  readonly onProgress: (fraction: number, stage: string) => void
  readonly onLog: (line: string) => void
  readonly signal: AbortSignal
}

const ENTRY = fileURLToPath(new URL('./child-entry.js', import.meta.url))

/** How an experiment's process came to its end; whatever comes first counts. */
type Ending =
  | { readonly kind: 'record'; readonly record: ExperimentRecord }
  | { readonly kind: 'failed'; readonly error: Error }
  /** No fault of the experiment: the whole run stops. */
  | { readonly kind: 'unable'; readonly error: Error }

/** A record is there, so what the process still does is its own affair, but not for ever. In milliseconds. */
const LAST_WORDS = 5000
/** setTimeout takes no longer time. */
const LONGEST_TIMER: number = 2 ** 31 - 1

/**
 * Runs one experiment in a process of its own, which can always be killed: a native call blocks its event loop for as long as it takes.
 * What plugins print goes to the log. A process that dies, or passes a limit, leaves a failed record.
 * @returns `null` when the signal was aborted
 * @throws ImIadError IM_IAD_E_CHILD_START or IM_IAD_E_STORE, when the machine and not the experiment is at fault
 */
export async function runInChildProcess(
  job: ExperimentJob,
  listener: ChildListener,
  memory: MemoryGuard,
): Promise<ExperimentRecord | null> {
  if (listener.signal.aborted) return null
  const started = { at: new Date(), tick: performance.now() }
  const child = start(job)
  let ending: Ending | null = null
  const end = (as: Ending | null): void => {
    ending ??= as
    killTree(child)
  }
  const stop = watch(child, job, listener, memory, end)
  // Apart from what is printed, so that a noisy library can't crowd out what the algorithm says.
  const log = limitLines(listener.onLog)
  child.on('message', (value: unknown) => {
    const message = parseChildMessage(value, job.hash)
    if (message?.kind === 'progress') listener.onProgress(message.fraction, message.stage)
    else if (message?.kind === 'log') log(message.line)
    else if (message?.kind === 'stray') ending ??= { kind: 'failed', error: strayError(message.problem) }
    else if (message?.kind === 'unwritable') ending ??= { kind: 'unable', error: storageError(job, message.problem, message.code) }
    else if (message?.kind === 'record') {
      ending ??= message
      setTimeout(() => killTree(child), LAST_WORDS).unref()
    }
  })
  captureOutput([child.stdout, child.stderr], limitLines(listener.onLog))
  const how = await endOf(child, job)
  stop()
  if (listener.signal.aborted) return null
  return recordOf(ending ?? how, job, started)
}

/** @throws ImIadError IM_IAD_E_CHILD_START when the system has no more processes or files to give */
function start(job: ExperimentJob): ChildProcess {
  try {
    return fork(ENTRY, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...engineEnvironment(job.inputs) },
      // A group of its own, so that whatever a plugin starts can be ended with it, and a terminal's Ctrl-C comes to one place only.
      detached: platform() !== 'win32',
    })
  } catch (error) {
    throw unstartableChild(error)
  }
}

/** Ends the process when it is interrupted or passes a limit. @returns ends the watch */
function watch(
  child: ChildProcess,
  job: ExperimentJob,
  { signal }: ChildListener,
  memory: MemoryGuard,
  end: (as: Ending | null) => void,
): () => void {
  const fail = (error: Error): void => end({ kind: 'failed', error })
  const onAbort = (): void => end(null)
  signal.addEventListener('abort', onAbort, { once: true })
  const { timeLimitSeconds, memoryLimitBytes } = job
  const milliseconds = Math.min((timeLimitSeconds ?? 0) * 1000, LONGEST_TIMER)
  const timer = timeLimitSeconds === null ? undefined : setTimeout(() => fail(timeLimitReached(timeLimitSeconds)), milliseconds)
  const unwatch = child.pid === undefined ? undefined : memory.watch(child.pid, memoryLimitBytes, fail)
  return () => {
    clearTimeout(timer)
    unwatch?.()
    signal.removeEventListener('abort', onAbort)
  }
}

function killTree({ pid }: ChildProcess): void {
  if (pid !== undefined) killGroup(pid)
}

/** Sends the job, and waits until the process is gone and what it said has arrived. */
async function endOf(child: ChildProcess, job: ExperimentJob): Promise<Ending> {
  const message: JobMessage = { kind: 'job', job, parent: process.pid }
  const closed = once(child, 'close').catch(() => undefined)
  const disconnected = new Promise<void>((resolve) => void child.once('disconnect', resolve))
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'failed', error: childDied(describeEnd(code, signal)) }))
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'unable', error: unstartableChild(error) })
    })
  })
  // A process that is gone already can't be sent anything; how it ended is told by its exit.
  if (child.pid !== undefined) child.send(message, () => undefined)
  const how = await exited
  if (how.kind === 'unable') return how
  killTree(child)
  // A process that a plugin left behind may hold the pipes open for ever.
  await Promise.race([closed, disconnected.then(() => pause(300)), pause(LAST_WORDS)])
  for (const stream of [child.stdout, child.stderr]) stream?.destroy()
  return how
}

/** Does not keep the process alive. */
function pause(milliseconds: number): Promise<void> {
  return wait(milliseconds, undefined, { ref: false })
}

function recordOf(ending: Ending, job: ExperimentJob, started: { readonly at: Date; readonly tick: number }): ExperimentRecord {
  if (ending.kind === 'unable') throw ending.error
  if (ending.kind === 'record') return ending.record
  return createRecord(job, { status: 'failed', error: ending.error }, measuredOutside(job, started.at, performance.now() - started.tick))
}

function storageError({ runDirectory }: ExperimentJob, problem: string, code: string): Error {
  return unwritableStore(runDirectory, Object.assign(new Error(problem), { code }))
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT' || code === 134) return 'it aborted: JavaScript ran out of heap memory, or a native library failed'
  if (signal === 'SIGKILL') return 'it was killed by SIGKILL: by someone, or by the system because memory ran out'
  return signal === null ? `it exited with code ${code}: a plugin ended it, or something it uses` : `it was killed by ${signal}`
}

/** What can be said of a process that left nothing. */
function measuredOutside({ threads }: ExperimentJob, startedAt: Date, milliseconds: number): MeasuredRecord {
  return {
    startedAt: startedAt.toISOString(),
    seconds: { total: Math.round(milliseconds) / 1000, fit: 0, predict: 0, metrics: 0 },
    latency: {},
    peakMemoryBytes: 0,
    host: describeHost(threads),
    versions: {},
  }
}
