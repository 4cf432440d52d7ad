import type { PluginKind } from '../contracts/plugin.ts'

/** What a place is: asked for by name, the user's project, the command's own package, what is installed beside it, or the folder of `plugins add`. */
export type PlaceRole = 'requested' | 'project' | 'command' | 'beside-command' | 'managed'

/** A plugin as its package's manifest announces it; nothing of it has been imported. */
export interface DiscoveredPlugin {
  readonly kind: PluginKind
  readonly id: string
  readonly package: string
  readonly version: string
  /** The package's real folder. */
  readonly directory: string
  /** The entry module's real path. */
  readonly entry: string
  /** The package.json, flag or file that made us look at this package. */
  readonly declaredBy: string
  /** The place through which it was found: the nearest. */
  readonly foundIn: PlaceRole
}

/** Why a package or plugin was left out, or something about it that users should know. */
export interface DiscoveryProblem {
  readonly severity: 'error' | 'note'
  readonly code: `IM_IAD_E_${string}`
  readonly package: string
  /** `?` where it could not be read. */
  readonly version: string
  readonly path: string
  readonly declaredBy: string
  readonly problem: string
  readonly fix: string
}

/** A package with plugins that a place holds. */
export interface FoundPackage {
  readonly package: string
  readonly version: string
  /** Its real folder. */
  readonly directory: string
  /** `again`: a nearer place holds the same folder. `shadowed`: a nearer place holds another copy. `refused`: none of its plugins can be used. */
  readonly state: 'used' | 'again' | 'shadowed' | 'refused'
}

/** A place that was searched, in the order of precedence. */
export interface SearchedPlace {
  readonly role: PlaceRole
  readonly path: string
  readonly exists: boolean
  /** How many packages with plugins were found through it, those known already included. */
  readonly packages: number
  /** Those packages, in the place's own order. */
  readonly found: readonly FoundPackage[]
}

export interface Discovery {
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
  readonly places: readonly SearchedPlace[]
}
