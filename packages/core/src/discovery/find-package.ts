import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/** Where a package is, if it is anywhere. */
export type PackageSearch =
  /** `directory` is its real folder. */
  | { readonly state: 'found'; readonly directory: string }
  /** What should be the package is a symbolic link to nothing. */
  | { readonly state: 'dangling'; readonly link: string }
  | { readonly state: 'absent' }

/**
 * An installed package, looked up the way Node resolves imports from a file in `fromDirectory`: this serves npm's flat layout, pnpm's strict one, workspaces and npx
 * alike. Looks for package.json only, so packages without a main entry or with a closed `exports` map are found too.
 */
export function findPackage(name: string, fromDirectory: string): PackageSearch {
  const searched = createRequire(join(fromDirectory, 'package.json')).resolve.paths(name) ?? []
  // NODE_PATH and the folders in the home directory are for "require" only: what a plugin imports is not looked for there, so plugins are not either.
  const folders = searched.filter((folder) => isAncestor(dirname(folder), fromDirectory))
  const candidates = folders.map((folder) => join(folder, name))
  const directory = candidates.find((candidate) => existsSync(join(candidate, 'package.json')))
  if (directory !== undefined) return { state: 'found', directory: realpathSync(directory) }
  const link = candidates.find(isDangling)
  return link === undefined ? { state: 'absent' } : { state: 'dangling', link }
}

function isAncestor(folder: string, directory: string): boolean {
  const way = relative(folder, directory)
  return way.split(sep)[0] !== '..' && !isAbsolute(way)
}

/** Whether a path is a symbolic link to something that is not there. */
export function isDangling(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path)
}
