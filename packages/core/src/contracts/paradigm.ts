import type { ParameterSchema } from './parameters.ts'
import type { PluginBase } from './plugin.ts'
import type { RandomSource } from './random.ts'
import type { Label, Sample } from './sample.ts'

/** What a paradigm may know of a sample: everything but its pixels. */
export interface SampleFacts extends Omit<Sample, 'image' | 'masks'> {
  /** The picture's fingerprint: SHA-256, hexadecimal. Equal fingerprints mean the same picture under two names. */
  readonly sha256: string
  readonly hasMask: boolean
  /**
   * There when the picture is a re-encoded or resized copy of others in this request: the id of the first of them (its own for that one). Equal values mean the same picture, as equal fingerprints do. Found from
   * pixels by the runner; see docs/leaks.md.
   */
  readonly copyOf?: string
}

export interface ParadigmRequest<Parameters> {
  readonly parameters: Parameters
  /** The category of this experiment; `null` for a paradigm of scope `dataset`. */
  readonly category: string | null
  /** All categories of the dataset, in its order; with scope `dataset`, those of them that the user chose. */
  readonly categories: readonly string[]
  /**
   * Sorted by category (in the dataset's order) and id. Scope `category`: the samples of `category`, and those of the other categories
   * only where the algorithm needs them, so the split of `category` must not depend on whether they are there. Scope `dataset`: all.
   */
  readonly samples: readonly SampleFacts[]
  readonly random: RandomSource
}

/** A sample that is trained on, with what the algorithm is told of it. */
export interface TrainingItem {
  readonly id: string
  /** What an algorithm with `supervision` other than `none` is told, true or not (label noise). */
  readonly label: Label
  /** Whether its mask may be shown to an algorithm with `supervision: 'pixel-labels'`. */
  readonly mask: boolean
}

/** What is tested, under the name of the task it belongs to. */
export interface TestSet {
  readonly task: string
  readonly ids: readonly string[]
}

/** One call of `fit`, then any number of evaluations. */
export interface ProtocolStep {
  readonly task: string
  readonly train: readonly TrainingItem[]
  /** Samples of other categories, for algorithms that declare `needs.otherCategories`. */
  readonly auxiliary: readonly TrainingItem[]
  readonly evaluate: readonly TestSet[]
}

/** The whole of what is trained and tested, in order. A pure function of the request: no clock, no file, no other random numbers. */
export interface Protocol {
  readonly steps: readonly ProtocolStep[]
  /** Why training and test share physical parts on purpose, or `null`. Marks the record and every table; the only way past the leak check. */
  readonly leaky: string | null
  /** What a reader of the results should know; one sentence each. */
  readonly notes: readonly string[]
}

/** A learning paradigm: who is trained on what, and tested on what. */
export interface ParadigmPlugin<Parameters extends object = object> extends PluginBase {
  readonly kind: 'paradigm'
  readonly citation: string
  /** `category`: one experiment per category. `dataset`: one experiment over all of them (continual learning). */
  readonly scope: 'category' | 'dataset'
  readonly parameters: ParameterSchema<Parameters>
  /** @throws ImIadError when the samples do not allow the paradigm (no normal sample, fewer than k shots), saying what is there */
  plan(request: ParadigmRequest<Parameters>): Protocol
}
