import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const SUFFIX = '.partial'

/**
 * Writes a file so that it is there whole or not at all: to a temporary name in the same folder, flushed to disk, then renamed; the folder's
 * own entry is flushed as well, so that the file survives a power cut. Missing parent folders are made.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path)
  const made = await mkdir(folder, { recursive: true })
  const temporary = temporaryName(path)
  try {
    await writeAndFlush(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await flushFolder(folder)
  if (made !== undefined) for (let parent = folder; parent !== dirname(made); parent = dirname(parent)) await flushFolder(dirname(parent))
}

/** Writes a new file and flushes it to disk; leaves nothing when it can't. @throws the file system's error, `EEXIST` when it is there */
export async function writeAndFlush(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

/** A hidden name beside `path` that nobody else uses; one that a killed process left is recognised by {@link isTemporaryName}. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}${SUFFIX}`)
}

/** Whether a file's name is one that {@link temporaryName} makes. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && name.endsWith(SUFFIX)
}

/** Some systems can't flush a folder (Windows): there a rename is as durable as it gets. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
