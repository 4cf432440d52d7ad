import { realpathSync } from 'node:fs'
import type { DiscoveredPlugin, Discovery, DiscoveryProblem, SearchedPlace } from './discovered-plugin.ts'
import { readPackageManifest } from './package-manifest.ts'
import { readPluginManifest } from './plugin-manifest.ts'
import { placesToSearch, type Candidate, type DiscoveryRequest, type PlaceToSearch } from './search-places.ts'

/**
 * Finds the installed plugins by reading package.json files only; nothing is imported.
 * The nearest copy of a package wins; a package that is broken is reported and only its plugins are left out.
 */
export function discover(request: DiscoveryRequest): Discovery {
  const plugins: DiscoveredPlugin[] = []
  const problems: DiscoveryProblem[] = []
  const places: SearchedPlace[] = []
  const known: KnownPackages = { byDirectory: new Set(), byName: new Map() }
  for (const place of placesToSearch(request)) {
    problems.push(...place.missing.map((name) => missingPackage(name, place)))
    let packages = 0
    for (const candidate of place.candidates) {
      const manifest = readPackageManifest(candidate.directory)
      if (manifest?.imIad === undefined) continue
      packages++
      const directory = realpathSync(candidate.directory)
      if (known.byDirectory.has(directory)) continue
      known.byDirectory.add(directory)
      const nearer = known.byName.get(manifest.name)
      if (nearer !== undefined) {
        problems.push(shadowedCopy(manifest.name, manifest.version, candidate, nearer))
        continue
      }
      known.byName.set(manifest.name, directory)
      const read = readPluginManifest({ directory, manifest, declaredBy: candidate.declaredBy })
      plugins.push(...read.plugins)
      problems.push(...read.problems)
    }
    places.push({ role: place.role, path: place.path, exists: place.exists, packages })
  }
  return { plugins, problems, places }
}

interface KnownPackages {
  readonly byDirectory: Set<string>
  readonly byName: Map<string, string>
}

function shadowedCopy(name: string, version: string, candidate: Candidate, nearer: string): DiscoveryProblem {
  return {
    severity: 'note',
    code: 'IM_IAD_E_SHADOWED',
    package: name,
    version,
    path: candidate.directory,
    declaredBy: candidate.declaredBy,
    problem: `a second copy of ${name}; the nearer one is used: ${nearer}`,
    fix: 'nothing, if that is the copy you mean; else remove the other',
  }
}

function missingPackage(name: string, place: PlaceToSearch): DiscoveryProblem {
  return {
    severity: 'error',
    code: 'IM_IAD_E_NOT_INSTALLED',
    package: name,
    version: '?',
    path: place.path,
    declaredBy: '--plugin, or plugins: of im-iad.yaml',
    problem: 'no such package or folder with a package.json',
    fix: `npm i ${name}, or correct the path`,
  }
}
