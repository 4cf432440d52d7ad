import { realpathSync } from 'node:fs'
import { brokenManifest, noPlugins } from '../errors/discovery-problems.ts'
import type { DiscoveredPlugin, DiscoveryProblem, PlaceRole } from './discovered-plugin.ts'
import { readPackageManifest } from './package-manifest.ts'
import { readPluginManifest } from './plugin-manifest.ts'

/** A package to look at, and who pointed to it. */
export interface Candidate {
  readonly directory: string
  readonly declaredBy: string
  readonly foundIn: PlaceRole
}

/** What a package says of itself. */
export interface InspectedPackage {
  readonly package: string
  readonly version: string
  /** Its real folder. */
  readonly directory: string
  /** Whether its package.json has anything under `imIad`, or can't be read. */
  readonly announces: boolean
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
}

/**
 * Reads the package.json of a folder; nothing of the package is run.
 * @returns `null` where there is no package.json; that a package has no plugins is among the problems, for whoever expects some
 */
export function inspectPackage({ directory: given, declaredBy, foundIn }: Candidate): InspectedPackage | null {
  const file = readPackageManifest(given)
  if (file.state === 'absent') return null
  if (file.state === 'broken') {
    const directory = realFolder(given)
    const at = { package: given, version: '?', path: directory, declaredBy }
    return { package: given, version: '?', directory, announces: true, plugins: [], problems: [brokenManifest(at, file.problem)] }
  }
  const directory = realpathSync(given)
  const { name, version, imIad } = file.manifest
  const found = { package: name, version, path: directory, declaredBy, foundIn, announcement: imIad }
  if (imIad === undefined) return { package: name, version, directory, announces: false, plugins: [], problems: [noPlugins(found)] }
  return { package: name, version, directory, announces: true, ...readPluginManifest(found) }
}

/** What can't be read may lie in a folder that can't be looked into either. */
function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
