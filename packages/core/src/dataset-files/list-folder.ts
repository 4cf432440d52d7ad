import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The names in one folder, each list in code unit order, so that it is the same on every machine. */
export interface FolderListing {
  readonly files: readonly string[]
  readonly folders: readonly string[]
}

/** What file managers leave behind, besides hidden files. */
const LEFTOVERS = new Set(['thumbs.db', 'desktop.ini', '__macosx'])

/**
 * The names in a folder, without hidden ones and file managers' leftovers. Symbolic links count as what they point to;
 * a broken one counts as a file, so that reading it fails by its name. Pipes, sockets and devices are left out: reading one may never end.
 * @returns `null` when there is no such folder
 * @throws the file system's error when the folder is there and can't be read
 */
export async function listFolder(path: string): Promise<FolderListing | null> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return null
    throw error
  })
  if (entries === null) return null
  const files: string[] = []
  const folders: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.') || LEFTOVERS.has(entry.name.toLowerCase())) continue
    const kind = entry.isSymbolicLink() ? await kindOfTarget(join(path, entry.name)) : kindOf(entry)
    if (kind === 'folder') folders.push(entry.name)
    if (kind === 'file') files.push(entry.name)
  }
  return { files: files.sort(), folders: folders.sort() }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

type Kind = 'file' | 'folder' | 'other'

function kindOf(entry: Pick<Dirent, 'isDirectory' | 'isFile'>): Kind {
  if (entry.isDirectory()) return 'folder'
  return entry.isFile() ? 'file' : 'other'
}

async function kindOfTarget(link: string): Promise<Kind> {
  return stat(link).then(kindOf, () => 'file')
}
