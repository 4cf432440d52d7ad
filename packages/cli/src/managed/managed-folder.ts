import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { homeDirectory, readPackageManifest } from '@im-iad/core'
import type { ImIadContext } from '../context.ts'
import { damagedFolder, unwritableFolder } from './managed-errors.ts'

/** Where `im-iad plugins add` installs: `IM_IAD_HOME/plugins`. */
export function managedFolder({ environment }: ImIadContext): string {
  return join(homeDirectory(environment), 'plugins')
}

/** The two files that say what the folder holds, as they were; `null` for none. */
export interface FolderState {
  readonly manifest: string | null
  readonly lock: string | null
}

/**
 * Makes the folder and its package.json, where they are not there yet.
 * @returns the state before
 * @throws ImIadError IM_IAD_E_PLUGIN_FOLDER
 */
export async function prepareFolder(folder: string): Promise<FolderState> {
  const state = { manifest: await readOrNull(manifestOf(folder)), lock: await readOrNull(lockOf(folder)) }
  if (state.manifest !== null) return state
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(manifestOf(folder), `${JSON.stringify(EMPTY_MANIFEST, null, 2)}\n`)
  } catch (error) {
    throw unwritableFolder(folder, error)
  }
  return state
}

const EMPTY_MANIFEST = {
  name: 'im-iad-plugins',
  private: true,
  description: 'Plugins of im-iad: written by "im-iad plugins add" and "remove"',
}

/** Brings the two files back; installing from them is npm's work. @returns whether there is anything to install */
export async function restoreFiles(folder: string, { manifest, lock }: FolderState): Promise<boolean> {
  await putBack(lockOf(folder), lock)
  await putBack(manifestOf(folder), manifest)
  if (manifest !== null) return true
  await rm(join(folder, 'node_modules'), { recursive: true, force: true })
  return false
}

/**
 * The packages that were added, by name, with what npm noted for each: `^1.0.0`, `file:../x.tgz`. Empty where nothing was ever added.
 * @throws ImIadError IM_IAD_E_PLUGIN_FOLDER when the folder's package.json can't be read
 */
export function managedDependencies(folder: string): ReadonlyMap<string, string> {
  const file = readPackageManifest(folder)
  if (file.state === 'absent') return new Map()
  if (file.state === 'broken') throw damagedFolder(folder, file.problem)
  const { manifest } = file
  return new Map(manifest.dependencies(['dependencies']).map((name) => [name, manifest.range('dependencies', name) ?? '']))
}

function manifestOf(folder: string): string {
  return join(folder, 'package.json')
}

function lockOf(folder: string): string {
  return join(folder, 'package-lock.json')
}

function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

async function putBack(path: string, content: string | null): Promise<void> {
  await (content === null ? rm(path, { force: true }) : writeFile(path, content))
}
