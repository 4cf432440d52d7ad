import type { DiscoveredPlugin, Prediction } from '@im-iad/core'

/** What a fresh process is to do with a plugin. Plain data. */
export interface ProcessJob {
  readonly location: DiscoveredPlugin
  readonly algorithm: AlgorithmJob | null
}

/** For an algorithm: load a model that another process fitted, then fit one itself while its output is listened to. */
export interface AlgorithmJob {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly backboneModule: string | null
  /** What the other process saved; `null` when it could not. */
  readonly modelDirectory: string | null
  /** An empty folder of this job's own. */
  readonly scratch: string
}

/** What importing the entry left behind in the process. */
export interface ImportReport {
  /** Native addons and CommonJS packages that were loaded, by path. */
  readonly loaded: readonly string[]
  readonly newGlobals: readonly string[]
  readonly newListeners: readonly string[]
  /** Timers, sockets and the like that are still open. */
  readonly openHandles: readonly string[]
  readonly changedEnvironment: readonly string[]
  readonly workingDirectoryChanged: boolean
}

export type Reloaded =
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  | { readonly kind: 'error'; readonly message: string }

/** What the process tells its parent. */
export type ProcessMessage =
  | { readonly kind: 'imported'; readonly report: ImportReport }
  | { readonly kind: 'reloaded'; readonly reloaded: Reloaded }
  | { readonly kind: 'failed'; readonly message: string }

/** Printed between the parts of the job, so that output can be told apart. */
export const MARK = '\u0000im-iad-conformance\u0000'
