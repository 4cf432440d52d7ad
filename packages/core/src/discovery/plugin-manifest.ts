import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { CONTRACT_VERSION, PLUGIN_KINDS, type PluginKind } from '../contracts/plugin.ts'
import { faultyManifest, foreignContract, missingEntry, type PointedPackage } from '../errors/discovery-problems.ts'
import type { DiscoveredPlugin, DiscoveryProblem, PlaceRole } from './discovered-plugin.ts'
import { isRecord } from './package-manifest.ts'

/** A package that announces plugins, as it was found; `path` is its real folder. */
export interface PluginPackage extends PointedPackage {
  readonly foundIn: PlaceRole
  /** `imIad` of its package.json. */
  readonly announcement: unknown
}

export interface ReadPlugins {
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
}

const ID_PATTERN = /^[a-z0-9][a-z0-9.-]*$/

/**
 * The plugins that a package announces in `imIad` of its package.json:
 * `{ "contract": 1, "provides": [{ "kind": "algorithm", "id": "patchcore", "entry": "./dist/index.js" }] }`.
 */
export function readPluginManifest(found: PluginPackage): ReadPlugins {
  const refuse = (problem: DiscoveryProblem): ReadPlugins => ({ plugins: [], problems: [problem] })
  if (!isRecord(found.announcement)) return refuse(faultyManifest(found, '"imIad" in package.json is not an object'))
  const { contract, provides } = found.announcement
  if (!Number.isInteger(contract))
    return refuse(faultyManifest(found, `"imIad.contract" is ${shown(contract)}, not the number of a contract`))
  if (contract !== CONTRACT_VERSION) return refuse(foreignContract(found, contract))
  if (!Array.isArray(provides) || provides.length === 0)
    return refuse(faultyManifest(found, '"imIad.provides" is not a list of {kind, id, entry}'))
  const plugins: DiscoveredPlugin[] = []
  const problems: DiscoveryProblem[] = []
  for (const provided of provides) {
    const result = readProvided(found, provided)
    if ('problem' in result) problems.push(result)
    else if (plugins.some((plugin) => plugin.kind === result.kind && plugin.id === result.id))
      problems.push(faultyManifest(found, `"imIad.provides" names ${result.kind} "${result.id}" twice`))
    else plugins.push(result)
  }
  return { plugins, problems }
}

function readProvided(found: PluginPackage, provided: unknown): DiscoveredPlugin | DiscoveryProblem {
  if (!isRecord(provided)) return faultyManifest(found, `an entry of "imIad.provides" is ${shown(provided)}, not an object`)
  const { kind, id, entry } = provided
  if (!isPluginKind(kind))
    return faultyManifest(found, `"imIad.provides" names the unknown kind ${shown(kind)}; known are ${PLUGIN_KINDS.join(', ')}`)
  if (typeof id !== 'string' || !ID_PATTERN.test(id))
    return faultyManifest(found, `the ${kind} id ${shown(id)} is not of lower case letters, digits, "-" and "."`)
  if (typeof entry !== 'string') return faultyManifest(found, `${kind} "${id}" has no "entry"`)
  const path = resolve(found.path, entry)
  if (!isInside(found.path, path)) return faultyManifest(found, `the entry of ${kind} "${id}" lies outside the package: ${entry}`)
  const real = realFile(path)
  if (real === null) return missingEntry(found, `the entry of ${kind} "${id}" does not exist: ${path}`)
  if (!isInside(found.path, real)) return faultyManifest(found, `the entry of ${kind} "${id}" is a link out of the package, to ${real}`)
  const { package: name, version, path: directory, declaredBy, foundIn } = found
  return { kind, id, package: name, version, directory, entry: real, declaredBy, foundIn }
}

function isPluginKind(value: unknown): value is PluginKind {
  return PLUGIN_KINDS.some((kind) => kind === value)
}

/** Whether `path` is strictly below `folder`; both absolute. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way.split(sep)[0] !== '..' && !isAbsolute(way)
}

/** The real path of a file; `null` where there is none. */
function realFile(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? realpathSync(path) : null
}

/** A value of a manifest as a message shows it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
