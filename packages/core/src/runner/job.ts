import type { ExperimentInputs, PluginLocation } from '../store/record.ts'

/** How a job finds one backbone. */
export interface BackboneLocation {
  readonly plugin: PluginLocation
  /** The file of weights, for plugins that read one. */
  readonly weightsFile: string | null
}

/** Which maps are kept beside the record. */
export type MapRetention = 'worst' | 'all' | 'none'

/** Everything that a process needs to carry one experiment out. Plain data: it crosses process and machine boundaries. */
export interface ExperimentJob {
  readonly hash: string
  readonly inputs: ExperimentInputs
  readonly dataset: PluginLocation
  readonly dataRoot: string | null
  readonly algorithm: PluginLocation
  readonly paradigm: PluginLocation
  readonly metrics: readonly PluginLocation[]
  /** By the algorithm's parameter that names it. `inputs` holds the backbone's name in that parameter, not its path. */
  readonly backbones: Readonly<Record<string, BackboneLocation>>
  /** `runs/<name>`. */
  readonly runDirectory: string
  readonly textureDirectory: string | null
  readonly retention: MapRetention
  readonly timeLimitSeconds: number | null
  readonly memoryLimitBytes: number | null
  /** Threads that native libraries may use. */
  readonly threads: number
}
