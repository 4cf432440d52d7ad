import type { PluginBase } from './plugin.ts'
import type { Label } from './sample.ts'

/** A number, or the reason why there is none. Degenerate input never gives a made-up number. */
export type MetricResult =
  | { readonly value: number; readonly details?: Readonly<Record<string, number>> }
  | { readonly value: null; readonly reason: string }

/** What is known of an evaluated sample. */
export interface EvaluatedSample {
  readonly id: string
  readonly label: Label
  readonly defect?: string
  readonly family?: 'structural' | 'logical'
}

/** One defect's region in the evaluation frame. */
export interface EvaluatedRegion {
  /** 0 or 1, `[height, width]`. */
  readonly mask: Uint8Array
  /** In pixels of the evaluation frame; `null` where none was published. */
  readonly saturationArea: number | null
}

/** The anomaly map of one sample and what it should have been, in the evaluation frame. */
export interface EvaluatedMap {
  readonly height: number
  readonly width: number
  /** float32 `[height, width]`, raw. */
  readonly map: Float32Array
  /** 0 or 1, `[height, width]`: the union of all regions. */
  readonly mask: Uint8Array
  /** One per published mask; empty for a normal sample. */
  readonly regions: readonly EvaluatedRegion[]
}

/** Everything that a metric sees. Scores and maps are as the algorithm gave them: never rescaled, clamped or binarised. */
export interface Evaluation {
  readonly samples: readonly EvaluatedSample[]
  /** `[samples.length]`. May hold NaN: then the metric says so. */
  readonly scores: Float32Array | Float64Array
  /** In the order of `samples`, or why there are none. */
  readonly maps:
    | { readonly kind: 'available'; readonly items: readonly EvaluatedMap[] }
    | { readonly kind: 'missing'; readonly reason: string }
  /** Computes a shared intermediate (a ranking of all pixels, say) once per evaluation. Keys start with the package's name. */
  memo<Value>(key: string, compute: () => Value): Value
}

/** The values of one metric over a protocol of several tasks. */
export interface SequenceEvaluation {
  /** In the order in which they were trained on; what was tested and never trained on comes last. */
  readonly tasks: readonly string[]
  /** Of the metric whose values these are. */
  readonly direction: 'higher-is-better' | 'lower-is-better'
  /** `matrix[after][task]` is the value for `task` after training step `after`; `null` where it was not evaluated. */
  readonly matrix: readonly (readonly (number | null)[])[]
}

interface MetricBase extends PluginBase {
  readonly kind: 'metric'
  /** Paper and equation. */
  readonly citation: string
  readonly direction: 'higher-is-better' | 'lower-is-better'
}

/** A metric of one evaluation. Its id is `<level>.<name>`; region metrics are listed under `pixel.`. */
export interface EvaluationMetric extends MetricBase {
  readonly level: 'image' | 'pixel' | 'region'
  /** Whether only the order of scores and map values counts, so that a strictly rising function of all of them changes nothing. Checked by the conformance suite. */
  readonly rankBased?: boolean
  compute(evaluation: Evaluation): MetricResult | Promise<MetricResult>
}

/** A metric of a sequence of tasks (forgetting, for one), computed for every evaluation metric. */
export interface SequenceMetric extends MetricBase {
  readonly level: 'sequence'
  computeSequence(evaluation: SequenceEvaluation): MetricResult
}

export type MetricPlugin = EvaluationMetric | SequenceMetric
