import { randomBytes } from 'node:crypto'
import { link, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { sha256 } from '../dataset/file-hashes.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { errorCode } from '../errors/store-errors.ts'
import { temporaryName, writeAndFlush, writeFileAtomically } from './atomic-write.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** An ISO time. */
  readonly since: string
}

interface Holder extends ProcessIdentity, LockHolder {
  /** Unlike a process's number never used again, so that a lock can be told from its successor. */
  readonly id: string
}

/** How often to look again at a lock that is changing hands or being written, and how long to wait in between, in milliseconds. */
const ATTEMPTS = 50
const PAUSE = 40

/** Whether a lock was got: `from` is the dead process that left it, `by` the living one that has it. */
export type LockAttempt =
  | { readonly kind: 'taken'; readonly from: LockHolder | null; readonly release: () => Promise<void> }
  | { readonly kind: 'held'; readonly by: LockHolder }

type Taking = { readonly kind: 'taken'; readonly from: Holder | null } | { readonly kind: 'held'; readonly by: Holder }

/**
 * Takes a lock that is a file, for one of several processes, perhaps on several machines; one whose process is gone is taken over. Does not wait for a living one.
 * @param file - in a folder that is there
 * @throws the file system's error
 */
export async function takeLock(file: string): Promise<LockAttempt> {
  const holder = await describeMyself()
  const taken = await take(file, holder)
  return taken.kind === 'held' ? taken : { ...taken, release: () => release(file, holder) }
}

async function describeMyself(): Promise<Holder> {
  const { pid, started } = await identifyProcess(process.pid)
  return { id: randomBytes(6).toString('hex'), pid, started, host: hostname(), since: new Date().toISOString() }
}

/**
 * Makes the file, unless a living process has. The file of a dead one may be replaced only by whoever holds `<file>.<its id>`, which is taken in
 * the same way: of several that find the same dead lock at the same moment one replaces it, and nobody ever replaces a successor's.
 */
async function take(file: string, holder: Holder): Promise<Taking> {
  let seen = holder
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(file, holder)) return { kind: 'taken', from: null }
    const found = await readHolder(file)
    if (found === null) continue
    seen = found.holder
    // Not whole: perhaps it is just being written, where a file system has no hard links.
    const isBeingWritten = !found.whole && attempt < ATTEMPTS / 2
    if (found.whole && (await isHeld(seen))) return { kind: 'held', by: seen }
    if (!isBeingWritten && (await replace(file, seen, holder))) return { kind: 'taken', from: found.whole ? seen : null }
    await wait(PAUSE)
  }
  return { kind: 'held', by: seen }
}

/** Puts this process's file in a dead one's place, in one step: nobody finds the place empty. @returns whether this process did */
async function replace(file: string, dead: Holder, holder: Holder): Promise<boolean> {
  const marker = `${file}.${dead.id}`
  if ((await take(marker, holder)).kind === 'held') return false
  try {
    if ((await readHolder(file))?.holder.id !== dead.id) return false
    await writeFileAtomically(file, JSON.stringify(holder))
    return true
  } catch (error) {
    // Whoever took the lock meanwhile has just cleared the temporary file away.
    if (errorCode(error) === 'ENOENT') return false
    throw error
  } finally {
    await rm(marker, { force: true })
  }
}

/** Makes the file with its content in one step: as a hard link to a finished file, or where there are none, by writing it. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const temporary = temporaryName(file)
  const content = JSON.stringify(holder)
  await writeAndFlush(temporary, content)
  try {
    await link(temporary, file)
    return true
  } catch (error) {
    const code = errorCode(error) ?? ''
    // ENOENT: whoever holds the lock has just cleared the temporary file away.
    if (code === 'EEXIST' || code === 'ENOENT') return false
    if (NO_HARD_LINKS.includes(code)) return await createByWriting(file, content)
    throw error
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

const NO_HARD_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

async function createByWriting(file: string, content: string): Promise<boolean> {
  try {
    await writeAndFlush(file, content)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** What a lock's file says; a damaged one has an identity as well, so that it can be taken over. `null` when it is gone. */
async function readHolder(file: string): Promise<{ readonly whole: boolean; readonly holder: Holder } | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const nameless = { id: sha256(text).slice(0, 12), started: null }
  const unknown = { whole: false, holder: { ...nameless, pid: 0, host: 'an unknown machine', since: 'an unknown time' } }
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value)) return unknown
    const { id, pid, started, host, since } = value
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return unknown
    const identity = {
      id: typeof id === 'string' && /^\w+$/.test(id) ? id : nameless.id,
      started: typeof started === 'string' ? started : null,
    }
    return { whole: true, holder: { ...identity, pid, host, since } }
  } catch {
    return unknown
  }
}

/** A process on another machine can't be asked: it counts as alive. */
async function isHeld(holder: Holder): Promise<boolean> {
  return holder.host !== hostname() || isRunning(holder)
}

/** A lock that can't be removed (the disk became read-only) is taken over by the next run, like that of a killed one. */
async function release(file: string, { id }: Holder): Promise<void> {
  const found = await readHolder(file).catch(() => null)
  if (found?.holder.id === id) await rm(file, { force: true }).catch(() => undefined)
}
