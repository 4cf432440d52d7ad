import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { danglingLink, missingPackage } from '../errors/discovery-problems.ts'
import type { DiscoveryProblem, SearchedPlace } from './discovered-plugin.ts'
import { findPackage, isDangling, type PackageSearch } from './find-package.ts'
import type { Candidate } from './inspect-package.ts'
import { readPackageManifest, type DependencyField } from './package-manifest.ts'

/** Where to look for plugins. */
export interface DiscoveryRequest {
  /** The folder from which the user runs the command. */
  readonly workingDirectory: string
  /** The folder of the command's own package, by its real path. */
  readonly commandDirectory: string
  /** `--plugin` and `plugins:` of im-iad.yaml: folders or package names, resolved from `workingDirectory`. */
  readonly requested: readonly string[]
  /** The folder written by `im-iad plugins add`. */
  readonly managedDirectory: string
}

/** One place with the packages it points to, and what is wrong with them before anyone looks inside. */
export interface PlaceToSearch extends Pick<SearchedPlace, 'role' | 'path' | 'exists'> {
  readonly candidates: readonly Candidate[]
  readonly problems: readonly DiscoveryProblem[]
}

/** All places in their order of precedence. */
export function placesToSearch(request: DiscoveryRequest): readonly PlaceToSearch[] {
  const { requested, workingDirectory, commandDirectory, managedDirectory } = request
  return [
    ...requested.map((name) => requestedPlace(name, workingDirectory)),
    ...ancestors(workingDirectory)
      .map((directory) => dependencyPlace('project', directory, PROJECT_FIELDS, true))
      .filter(({ exists }) => exists),
    dependencyPlace('command', commandDirectory, COMMAND_FIELDS, false),
    besideCommand(commandDirectory),
    dependencyPlace('managed', managedDirectory, ['dependencies'], false),
  ]
}

const PROJECT_FIELDS: readonly DependencyField[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
const COMMAND_FIELDS: readonly DependencyField[] = ['dependencies', 'optionalDependencies', 'devDependencies']

const REQUESTED_BY = '--plugin, or plugins: of im-iad.yaml'

function requestedPlace(name: string, workingDirectory: string): PlaceToSearch {
  const isPath = name.startsWith('.') || isAbsolute(name)
  const path = isPath ? resolve(workingDirectory, name) : name
  const at = { package: name, version: '?', path, declaredBy: REQUESTED_BY }
  const place = { role: 'requested', path, candidates: [], problems: [] } as const
  const found = isPath ? findFolder(path) : findPackage(name, workingDirectory)
  switch (found.state) {
    case 'found':
      return { ...place, exists: true, candidates: [{ directory: found.directory, declaredBy: REQUESTED_BY, foundIn: 'requested' }] }
    case 'dangling':
      return { ...place, exists: false, problems: [danglingLink({ ...at, path: found.link })] }
    case 'absent':
      return { ...place, exists: false, problems: [missingPackage(at)] }
  }
}

function findFolder(path: string): PackageSearch {
  if (isDangling(path)) return { state: 'dangling', link: path }
  return readPackageManifest(path).state === 'absent' ? { state: 'absent' } : { state: 'found', directory: path }
}

/** A package.json's declared dependencies that are installed; absent ones are npm's business. `withSelf`: the package may be a plugin being developed. */
function dependencyPlace(
  role: 'project' | 'command' | 'managed',
  directory: string,
  fields: readonly DependencyField[],
  withSelf: boolean,
): PlaceToSearch {
  const file = readPackageManifest(directory)
  const declaredBy = join(directory, 'package.json')
  if (file.state === 'absent')
    return { role, path: role === 'managed' ? directory : declaredBy, candidates: [], problems: [], exists: false }
  const self = { directory, declaredBy, foundIn: role }
  if (file.state === 'broken') return { role, path: declaredBy, candidates: [self], problems: [], exists: true }
  const candidates: Candidate[] = withSelf ? [self] : []
  const problems: DiscoveryProblem[] = []
  for (const name of file.manifest.dependencies(fields)) {
    const found = findPackage(name, directory)
    if (found.state === 'found') candidates.push({ directory: found.directory, declaredBy, foundIn: role })
    if (found.state === 'dangling') problems.push(danglingLink({ package: name, version: '?', path: found.link, declaredBy }))
  }
  return { role, path: declaredBy, candidates, problems, exists: true }
}

/** Packages installed next to the command by a global install, npx or dlx. In a checkout the command is in no node_modules and nothing is beside it. */
function besideCommand(commandDirectory: string): PlaceToSearch {
  const parent = dirname(commandDirectory)
  const folder = basename(parent).startsWith('@') ? dirname(parent) : parent
  const place = { role: 'beside-command', path: folder, problems: [] } as const
  if (basename(folder) !== 'node_modules') return { ...place, candidates: [], exists: false }
  const candidates = packageFolders(folder).map((directory) => ({ directory, declaredBy: folder, foundIn: 'beside-command' as const }))
  return { ...place, candidates, exists: true }
}

function packageFolders(nodeModules: string): readonly string[] {
  return listFolder(nodeModules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? listFolder(join(nodeModules, name)).map((inner) => join(nodeModules, name, inner)) : [join(nodeModules, name)],
    )
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted()
  } catch {
    return []
  }
}

/** The folder and all its parents, nearest first. */
function ancestors(directory: string): readonly string[] {
  const parent = dirname(directory)
  return parent === directory ? [directory] : [directory, ...ancestors(parent)]
}
