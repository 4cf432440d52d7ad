import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { SearchedPlace } from './discovered-plugin.ts'
import { findPackage } from './find-package.ts'
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

/** A package to look at, and who pointed to it. */
export interface Candidate {
  readonly directory: string
  readonly declaredBy: string
}

/** One place with the packages it points to. */
export interface PlaceToSearch extends Pick<SearchedPlace, 'role' | 'path'> {
  readonly candidates: readonly Candidate[]
  /** Names that were asked for explicitly and are not there. */
  readonly missing: readonly string[]
  readonly exists: boolean
}

/** All places in their order of precedence. */
export function placesToSearch(request: DiscoveryRequest): readonly PlaceToSearch[] {
  return [
    ...request.requested.map((name) => requestedPlace(name, request.workingDirectory)),
    ...ancestors(request.workingDirectory).flatMap((directory) => dependencyPlace('project', directory, PROJECT_FIELDS, true) ?? []),
    dependencyPlace('command', request.commandDirectory, ['dependencies', 'optionalDependencies', 'devDependencies'], false) ?? [],
    besideCommand(request.commandDirectory),
    dependencyPlace('managed', request.managedDirectory, ['dependencies'], false) ?? {
      ...emptyPlace,
      role: 'managed' as const,
      path: request.managedDirectory,
    },
  ].flat()
}

const PROJECT_FIELDS: readonly DependencyField[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

const emptyPlace = { candidates: [], missing: [], exists: false }

function requestedPlace(name: string, workingDirectory: string): PlaceToSearch {
  const isPath = name.startsWith('.') || isAbsolute(name)
  const path = isPath ? resolve(workingDirectory, name) : name
  const directory = isPath ? (readPackageManifest(path) === null ? null : path) : findPackage(name, workingDirectory)
  if (directory === null) return { role: 'requested', path, candidates: [], missing: [name], exists: false }
  return {
    role: 'requested',
    path,
    candidates: [{ directory, declaredBy: '--plugin, or plugins: of im-iad.yaml' }],
    missing: [],
    exists: true,
  }
}

/** A package.json's declared dependencies that are installed; absent ones are npm's business. `withSelf`: the package may be a plugin being developed. */
function dependencyPlace(
  role: 'project' | 'command' | 'managed',
  directory: string,
  fields: readonly DependencyField[],
  withSelf: boolean,
): PlaceToSearch | null {
  const manifest = readPackageManifest(directory)
  if (manifest === null) return null
  const declaredBy = join(directory, 'package.json')
  const dependencies = manifest.dependencies(fields).flatMap((name) => {
    const found = findPackage(name, directory)
    return found === null ? [] : [{ directory: found, declaredBy }]
  })
  return {
    role,
    path: declaredBy,
    candidates: withSelf ? [{ directory, declaredBy }, ...dependencies] : dependencies,
    missing: [],
    exists: true,
  }
}

/** Packages installed next to the command by a global install, npx or dlx. In a checkout the command is in no node_modules and nothing is beside it. */
function besideCommand(commandDirectory: string): PlaceToSearch {
  const parent = dirname(commandDirectory)
  const folder = basename(parent).startsWith('@') ? dirname(parent) : parent
  const place = { role: 'beside-command' as const, path: folder, missing: [] }
  if (basename(folder) !== 'node_modules') return { ...place, candidates: [], exists: false }
  const candidates = packageFolders(folder).map((directory) => ({ directory, declaredBy: folder }))
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
