import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { busyWeights } from './errors.ts'

interface Holder {
  readonly pid: number
  readonly host: string
}

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
  const lock = `${file}.lock`
  const started = Date.now()
  for (let waits = 0; ; waits++) {
    signal.throwIfAborted()
    if (await create(lock)) return () => rm(lock, { force: true })
    const holder = await readHolder(lock)
    if (holder !== null && !isAlive(holder)) {
      await removeStale(lock, holder)
      continue
    }
    const name = holder === null ? 'another command' : `process ${holder.pid} on ${holder.host}`
    if (Date.now() - started > patienceMilliseconds) throw busyWeights(file, name)
    if (waits === 0) onWait(name)
    await sleep(POLL_MILLISECONDS, undefined, { signal })
  }
}

/** A link fails where the name is taken, and what it names is written already: no one ever reads half a holder. */
async function create(lock: string): Promise<boolean> {
  const temporary = `${lock}.${randomUUID()}`
  const holder: Holder = { pid: process.pid, host: hostname() }
  await writeFile(temporary, JSON.stringify(holder))
  try {
    await link(temporary, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Only one of several takers renames the stale lock; one that caught a fresh lock instead puts it back. */
async function removeStale(lock: string, stale: Holder): Promise<void> {
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
  } catch {
    return
  }
  const caught = await readHolder(aside)
  if (caught !== null && (caught.pid !== stale.pid || caught.host !== stale.host)) await link(aside, lock).catch(() => undefined)
  await rm(aside, { force: true })
}

async function readHolder(lock: string): Promise<Holder | null> {
  try {
    const { pid, host }: Partial<Holder> = JSON.parse(await readFile(lock, 'utf8'))
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null
  } catch {
    return null
  }
}

/** A process on another machine can't be asked: it counts as alive. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
