import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isRecord } from '../discovery/package-manifest.ts'
import { lockedStore, unwritableStore } from '../errors/store-errors.ts'

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/**
 * Takes `runs/<name>/lock`, so that two commands don't work on one run; a lock whose process is gone is taken over.
 * @returns releases it
 * @throws ImIadError IM_IAD_E_LOCKED, naming the holder; IM_IAD_E_STORE when the folder can't be written
 */
export async function lockRun(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, 'lock')
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw unwritableStore(directory, error)
  })
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await create(file, directory, holder)) return () => rm(file, { force: true })
    const other = await readHolder(file)
    if (other !== null && isAlive(other)) throw lockedStore(directory, `process ${other.pid} on ${other.host}, since ${other.since}`)
    await rm(file, { force: true })
  }
  throw lockedStore(directory, 'another process that is taking the lock at this moment')
}

async function create(file: string, directory: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(JSON.stringify(holder))
    await handle.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw unwritableStore(directory, error)
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isRecord(value)) return null
    const { pid, host, since } = value
    return typeof pid === 'number' && typeof host === 'string' && typeof since === 'string' ? { pid, host, since } : null
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
