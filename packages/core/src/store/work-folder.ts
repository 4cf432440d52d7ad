import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isRecord } from '../discovery/package-manifest.ts'
import { isTemporaryName, writeFileAtomically } from './atomic-write.ts'
import { identifyProcess, isRunning, killGroup, type ProcessIdentity } from './process-identity.ts'

/** `runs/<name>/work/<hash>`: what an experiment needs only while it runs: checkpoints, scratch files, and which process works on it. */
export function workDirectory(runDirectory: string, hash: string): string {
  return join(runDirectory, 'work', hash)
}

const OWNER = 'process.json'

/** Says that this process works on an experiment, so that a later run does not start while it still does. */
export async function claimWork(runDirectory: string, hash: string): Promise<void> {
  await writeFileAtomically(join(workDirectory(runDirectory, hash), OWNER), JSON.stringify(await identifyProcess(process.pid)))
}

/** How long processes of a killed run get to notice that they are orphans, in milliseconds; after that they are killed. */
const PATIENCE = 3000
const PAUSE = 50

/** Waits until no process of an earlier run works in this folder any more. To be called under the run's lock. */
export async function awaitOrphans(runDirectory: string): Promise<void> {
  const names = await readdir(join(runDirectory, 'work')).catch(() => [])
  const owners = await Promise.all(names.map((name) => readOwner(join(runDirectory, 'work', name, OWNER))))
  await Promise.all(owners.filter((owner) => owner !== null).map(awaitEnd))
}

async function awaitEnd(owner: ProcessIdentity): Promise<void> {
  for (let waited = 0; await isRunning(owner); waited += PAUSE) {
    // Only where its start is known is it certain to be the same process.
    if (waited === PATIENCE && owner.started !== null) killGroup(owner.pid)
    if (waited > 2 * PATIENCE) return
    await wait(PAUSE)
  }
}

async function readOwner(file: string): Promise<ProcessIdentity | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isRecord(value)) return null
    const { pid, started } = value
    return typeof pid === 'number' && pid > 0 && pid !== process.pid ? { pid, started: typeof started === 'string' ? started : null } : null
  } catch {
    return null
  }
}

/** Removes an experiment's work folder, or all of it but the checkpoints. */
export async function removeWork(runDirectory: string, hash: string, keep: 'checkpoints' | 'nothing'): Promise<void> {
  const folder = workDirectory(runDirectory, hash)
  if (keep === 'nothing') await rm(folder, { recursive: true, force: true })
  else for (const name of ['scratch', OWNER]) await rm(join(folder, name), { recursive: true, force: true })
  // Fails, as it should, while anything is left in it.
  await rmdir(folder).catch(() => undefined)
  await rmdir(join(runDirectory, 'work')).catch(() => undefined)
}

/** Removes what killed processes left: half-written files and markers of locks that changed hands. To be called under the run's lock. */
export async function removeLeftovers(runDirectory: string): Promise<void> {
  await mkdir(join(runDirectory, 'experiments'), { recursive: true })
  const experiments = await readdir(join(runDirectory, 'experiments'))
  await removeFrom(runDirectory, (name) => isTemporaryName(name) || name.startsWith('lock.'))
  for (const hash of experiments)
    for (const folder of [join(runDirectory, 'experiments', hash), join(runDirectory, 'experiments', hash, 'maps')])
      await removeFrom(folder, isTemporaryName)
}

async function removeFrom(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter(isLeftover)) await rm(join(folder, name), { force: true })
}
