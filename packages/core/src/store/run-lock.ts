import { constants, existsSync } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { errorCode, lockedElsewhere, lockedStore, unwritableStore } from '../errors/store-errors.ts'
import { takeLock, type LockHolder } from './process-lock.ts'

/** A lock that is held. */
export interface RunLock {
  /** Who left the run without finishing, in words; `null` when nobody did. */
  readonly leftBy: string | null
  readonly release: () => Promise<void>
}

/**
 * Takes `runs/<name>/lock`, so that two commands don't work on one run; a lock whose process is gone is taken over.
 * @throws ImIadError IM_IAD_E_LOCKED, naming the holder; IM_IAD_E_STORE when the folder can't be written
 */
export async function lockRun(directory: string): Promise<RunLock> {
  const file = join(directory, 'lock')
  try {
    await makeFolder(directory)
    const attempt = await takeLock(file)
    if (attempt.kind === 'taken') return { leftBy: attempt.from === null ? null : describe(attempt.from), release: attempt.release }
    const { by } = attempt
    throw by.host === hostname() ? lockedStore(directory, describe(by), by.pid) : lockedElsewhere(directory, describe(by), by.host, file)
  } catch (error) {
    throw errorCode(error)?.startsWith('IM_IAD_') === true ? error : unwritableStore(directory, error)
  }
}

/** Node's recursive mkdir says ENOENT where the disk is read-only: the folder that is there knows the true reason. */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
  } catch (error) {
    let existing = directory
    while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing)
    await access(existing, constants.W_OK)
    throw error
  }
}

function describe({ pid, host, since }: LockHolder): string {
  return `process ${pid} on ${host}, since ${since}`
}
