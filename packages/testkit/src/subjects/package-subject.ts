import type { DiscoveredPlugin, DiscoveryProblem } from '@im-iad/core'

/** A package under test: what the checks of a whole package look at. */
export interface PackageSubject {
  readonly directory: string
  /** package.json as it is written. */
  readonly manifest: Readonly<Record<string, unknown>>
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
}
