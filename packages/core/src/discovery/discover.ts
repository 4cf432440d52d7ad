import { sharedId, shadowedCopy } from '../errors/discovery-problems.ts'
import type { DiscoveredPlugin, Discovery, DiscoveryProblem, FoundPackage, SearchedPlace } from './discovered-plugin.ts'
import { inspectPackage, type Candidate } from './inspect-package.ts'
import { placesToSearch, type DiscoveryRequest } from './search-places.ts'

/**
 * Finds the installed plugins by reading package.json files only; nothing is imported, and no dependency of a dependency is followed.
 * The nearest copy of a package wins; a package that is broken is reported and only its plugins are left out.
 */
export function discover(request: DiscoveryRequest): Discovery {
  const plugins: DiscoveredPlugin[] = []
  const problems: DiscoveryProblem[] = []
  const places: SearchedPlace[] = []
  const known: KnownPackages = { byDirectory: new Set(), byName: new Map() }
  for (const { role, path, exists, candidates, problems: ofPlace } of placesToSearch(request)) {
    problems.push(...ofPlace)
    const found: FoundPackage[] = []
    for (const candidate of candidates) {
      const looked = look(candidate, known)
      if (looked === null) continue
      if (looked.found !== null) found.push(looked.found)
      plugins.push(...looked.plugins)
      problems.push(...looked.problems)
    }
    places.push({ role, path, exists, packages: found.length, found })
  }
  return { plugins, problems: [...problems, ...sharedIds(plugins)], places }
}

interface KnownPackages {
  readonly byDirectory: Set<string>
  readonly byName: Map<string, string>
}

interface Looked {
  /** `null` for a package without plugins. */
  readonly found: FoundPackage | null
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
}

/** Looks at one package; `null` where there is none, or none with plugins that anyone asked for. */
function look(candidate: Candidate, known: KnownPackages): Looked | null {
  const inspected = inspectPackage(candidate)
  if (inspected === null) return null
  const { package: name, version, directory, announces, plugins, problems } = inspected
  if (!announces) return candidate.foundIn === 'requested' ? { found: null, plugins, problems } : null
  const found = { package: name, version, directory }
  if (known.byDirectory.has(directory)) return { found: { ...found, state: 'again' }, plugins: [], problems: [] }
  known.byDirectory.add(directory)
  const nearer = known.byName.get(name)
  if (nearer !== undefined) {
    const at = { package: name, version, path: directory, declaredBy: candidate.declaredBy }
    return { found: { ...found, state: 'shadowed' }, plugins: [], problems: [shadowedCopy(at, nearer)] }
  }
  known.byName.set(name, directory)
  return { found: { ...found, state: plugins.length > 0 ? 'used' : 'refused' }, plugins, problems }
}

function sharedIds(plugins: readonly DiscoveredPlugin[]): readonly DiscoveryProblem[] {
  return plugins.flatMap((plugin, index) => {
    const other = plugins.slice(0, index).find((earlier) => earlier.kind === plugin.kind && earlier.id === plugin.id)
    return other === undefined ? [] : [sharedId(plugin, other)]
  })
}
