import type { PluginKind } from '../contracts/plugin.ts'

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
}

/** Why a package or plugin was left out, or something about it that users should know. */
export interface DiscoveryProblem {
  readonly severity: 'error' | 'note'
  readonly code: `IM_IAD_E_${string}`
  readonly package: string
  readonly version: string
  readonly path: string
  readonly declaredBy: string
  readonly problem: string
  readonly fix: string
}

/** A place that was searched, in the order of precedence. */
export interface SearchedPlace {
  /** What it is: `dependencies of`, `beside the command`, … */
  readonly role: 'requested' | 'project' | 'command' | 'beside-command' | 'managed'
  readonly path: string
  readonly exists: boolean
  /** How many packages with plugins were found through it, those known already included. */
  readonly packages: number
}

export interface Discovery {
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
  readonly places: readonly SearchedPlace[]
}
