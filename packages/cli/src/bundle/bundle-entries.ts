import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { linkInBundle } from './errors.ts'

/** A file of a bundle. */
export interface BundleEntry {
  /** In the bundle, with `/`. */
  readonly path: string
  readonly content: { readonly file: string } | { readonly text: string }
  readonly isExecutable: boolean
  /** What its SHA-256 has to be; `null` where nobody says. */
  readonly sha256: string | null
}

/** What npm writes for itself: it names this machine's folders and registry. */
const NPM_OWN = ['.bin', '.package-lock.json']

/**
 * All files below a folder.
 * @param prefix - the folder's path in the bundle
 * @throws ImIadError IM_IAD_E_BUNDLE for a link
 */
export async function entriesBelow(folder: string, prefix: string): Promise<readonly BundleEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const entries: BundleEntry[] = []
  for (const one of found) {
    const file = join(one.parentPath, one.name)
    const parts = relative(folder, file).split(sep)
    if (parts.some((part) => NPM_OWN.includes(part))) continue
    if (one.isSymbolicLink()) throw linkInBundle(file)
    if (one.isFile()) entries.push({ path: [prefix, ...parts].join('/'), content: { file }, isExecutable: false, sha256: null })
  }
  return entries
}

export function textEntry(path: string, text: string): BundleEntry {
  return { path, content: { text }, isExecutable: false, sha256: null }
}

/** By path, unit by unit: the same order on every machine and in every language. */
export function sortEntries(entries: readonly BundleEntry[]): readonly BundleEntry[] {
  return entries.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0))
}
