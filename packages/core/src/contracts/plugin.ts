import type { AlgorithmPlugin } from './algorithm.ts'
import type { BackbonePlugin } from './backbone.ts'
import type { DatasetPlugin } from './dataset.ts'
import type { ExecutorPlugin } from './executor.ts'
import type { ExporterPlugin } from './exporter.ts'
import type { MetricPlugin } from './metric.ts'
import type { ParadigmPlugin } from './paradigm.ts'

/** The contract version that this package speaks. A released contract is only ever added to; a breaking change makes version 2. */
export const CONTRACT_VERSION = 1

/** What every plugin carries, whatever its kind. */
export interface PluginBase {
  /** The literal contract version that the plugin was written for. */
  readonly contract: typeof CONTRACT_VERSION
  /** Unique among the plugins of one kind; lower case letters, digits, `-` and `.`; what users type. Equals the id in the package's manifest. */
  readonly id: string
  /** Raised whenever the plugin's numbers may change; goes into the hash of every experiment that uses the plugin. Starts at 1. */
  readonly revision: number
  /** One line for people, without a full stop. */
  readonly title: string
}

/** Any plugin; `kind` tells which contract it implements. */
export type Plugin = DatasetPlugin | AlgorithmPlugin | ParadigmPlugin | MetricPlugin | BackbonePlugin | ExecutorPlugin | ExporterPlugin

export type PluginKind = Plugin['kind']

/** The plugin type of one kind: `PluginOfKind<'dataset'>` is {@link DatasetPlugin}. */
export type PluginOfKind<Kind extends PluginKind> = Extract<Plugin, { readonly kind: Kind }>

/** The kinds in the order in which they are listed. */
export const PLUGIN_KINDS: readonly PluginKind[] = ['dataset', 'algorithm', 'paradigm', 'metric', 'backbone', 'executor', 'exporter']
