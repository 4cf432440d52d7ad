import type { Budget } from '../contracts/algorithm.ts'
import type { PluginKind } from '../contracts/plugin.ts'
import type { Label } from '../contracts/sample.ts'
import type { PlaceRole } from '../discovery/discovered-plugin.ts'

/** The version of everything written to a run folder and printed by `--json`. */
export const RECORD_SCHEMA = 1

/** Where numbers are measured: in the model's input geometry, or in the picture's own size. */
export type EvaluationFrame = 'model' | 'native'

/** A plugin as it goes into an experiment's hash: by revision, not by package version. */
export interface HashedPlugin {
  readonly id: string
  readonly revision: number
  /** Validated, with defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** A backbone as it goes into an experiment's hash. */
export interface HashedBackbone {
  /** The algorithm's parameter that names it. */
  readonly parameter: string
  /** The plugin's id, or the file's name without its folder. */
  readonly name: string
  /** The plugin's revision. */
  readonly revision: number
  /** SHA-256 of the weights (and of the description beside a file); `null` for a formula. */
  readonly sha256: string | null
}

/** Everything that an experiment's numbers depend on. Its canonical JSON (RFC 8785) is hashed; nothing else is. */
export interface ExperimentInputs {
  readonly schema: typeof RECORD_SCHEMA
  /** Raised when the runner itself may change numbers. */
  readonly coreRevision: number
  readonly dataset: HashedPlugin
  /** `null` for an experiment over the whole dataset. */
  readonly category: string | null
  /** Which categories an experiment over several has, where the user chose some (`-c`), in the dataset's order; absent: all of them. */
  readonly categories?: readonly string[]
  readonly algorithm: HashedPlugin
  readonly paradigm: HashedPlugin
  readonly metrics: readonly { readonly id: string; readonly revision: number }[]
  readonly backbones: readonly HashedBackbone[]
  /** SHA-256 over the folder of textures that the algorithm uses; absent where it uses none, or makes its own. */
  readonly textures?: string
  readonly engine: string
  /** Another device means other kernels, so other last digits, as another engine does. */
  readonly device: string
  readonly budget: Budget
  readonly frame: EvaluationFrame
  readonly seed: number
  /** SHA-256 over ids, labels, groups and file hashes of the samples that the experiment may use. */
  readonly dataFingerprint: string
}

/** Metric ids to numbers, or `null` with the reason in {@link EvaluationRecord.reasons}. */
export type MetricValues = Readonly<Record<string, number | null>>

/** One evaluation: one task, after one training step. */
export interface EvaluationRecord {
  readonly afterTask: string
  readonly task: string
  readonly counts: { readonly train: number; readonly testNormal: number; readonly testAnomalous: number }
  readonly metrics: MetricValues
  /** Why a metric is `null`, by metric id. */
  readonly reasons: Readonly<Record<string, string>>
  /** Further numbers of a metric (F1-max's threshold), by metric id. */
  readonly details: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface ErrorRecord {
  readonly code: string
  readonly message: string
}

/** Milliseconds per picture over all of an experiment's predictions. */
export interface LatencyRecord {
  /** The first batch, model loading and compilation included. */
  readonly cold: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** The tensor engine of an experiment's process. */
export interface EngineRecord {
  /** Its name, and its libraries with their versions. */
  readonly libraries: string
  /** Calls that it left to a slower engine, by kernel: empty when all is well. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** Where an experiment ran. */
export interface HostRecord {
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  /** Threads that native libraries could use; a training's last digits can depend on them. Absent in records of earlier versions. */
  readonly threads?: number
  readonly node: string
}

/** What differs from run to run and machine to machine: the one key of a record that is not byte-stable. */
export interface MeasuredRecord {
  readonly startedAt: string
  readonly seconds: { readonly total: number; readonly fit: number; readonly predict: number; readonly metrics: number }
  /** Milliseconds per test picture by stage: decode, preprocess, forward, score, map. */
  readonly latency: Readonly<Record<string, LatencyRecord>>
  readonly peakMemoryBytes: number
  readonly host: HostRecord
  /** Package versions of everything that took part. */
  readonly versions: Readonly<Record<string, string>>
  /** Absent when the algorithm opened none, or the process left nothing. */
  readonly engine?: EngineRecord
}

/** One experiment's result. Immutable; its presence in the store means done. */
export interface ExperimentRecord {
  readonly schema: typeof RECORD_SCHEMA
  readonly hash: string
  readonly dataset: string
  readonly category: string | null
  readonly algorithm: string
  readonly paradigm: string
  readonly seed: number
  readonly budget: Budget
  readonly frame: EvaluationFrame
  readonly inputs: ExperimentInputs
  readonly status: 'done' | 'failed'
  readonly error: ErrorRecord | null
  /** SHA-256 of split.json; `null` when it failed before the split. */
  readonly splitHash: string | null
  /** Why training and test share parts, or `null`. */
  readonly leaky: string | null
  readonly notes: readonly string[]
  /** The evaluation's metrics; over several tasks their means after the last step, where every task has a number, and the sequence metrics. */
  readonly metrics: MetricValues
  readonly reasons: Readonly<Record<string, string>>
  readonly evaluations: readonly EvaluationRecord[]
  readonly measured: MeasuredRecord
}

/** A picture kept for people, in `maps/index.json`. File names are relative to `maps/`. */
export interface KeptMap {
  readonly sample: string
  readonly task: string
  readonly label: Label
  readonly defect: string | null
  readonly score: number
  /** `miss`: an anomalous picture that scored low. `false-alarm`: a normal one that scored high. `other`: kept on request. */
  readonly why: 'miss' | 'false-alarm' | 'other'
  /** 1 is the worst of its kind. */
  readonly rank: number
  /** PNG, 8-bit RGB, in the evaluation frame. */
  readonly picture: string
  /** float32 `.npy`, `[height, width]`; `null` for algorithms without maps. */
  readonly map: string | null
  /** PNG, 8-bit grey, 0 or 255; `null` for normal samples and where none was published. */
  readonly mask: string | null
}

/** Plugins that took part, by kind: what a job carries to find them again. */
export interface PluginLocation {
  readonly kind: PluginKind
  readonly id: string
  readonly package: string
  readonly version: string
  /** The real path of the entry module. */
  readonly entry: string
  /** The package's real folder, who pointed to it, and through which place: for messages. */
  readonly directory: string
  readonly declaredBy: string
  readonly foundIn: PlaceRole
}
