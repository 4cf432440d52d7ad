import type { PluginLocation } from '@im-iad/core'
import type { PlacedBackbone } from '@im-iad/core/machinery'
import type { PictureSource } from './open-pictures.ts'

/** A picture by its id, with the bytes it was planned with. */
export interface JobPicture {
  readonly id: string
  readonly sha256: string
}

/** Everything that a process needs to fit one algorithm and to score what judges it. Plain data. */
export interface FitJob {
  readonly algorithm: PluginLocation
  readonly parameters: Readonly<Record<string, unknown>>
  readonly backbones: readonly PlacedBackbone[]
  readonly seed: number
  readonly threads: number
  /** The user's textures, for an algorithm that can use some; `null` where nobody named any, or it uses none. */
  readonly textureDirectory: string | null
  readonly source: PictureSource
  /** `fold`: which of `folds` it judges; -1 judges none and is always trained on. */
  readonly good: readonly (JobPicture & { readonly fold: number })[]
  readonly bad: readonly JobPicture[]
  readonly heldOut: 'split' | 'cross-fitting'
  readonly folds: number
  /** Existing and empty: where the fitted algorithm is saved. */
  readonly algorithmDirectory: string
  /** Existing: scratch files, and maps of the pictures worth looking at. */
  readonly workDirectory: string
  /** How many of the highest-scoring good pictures keep their maps; the bad ones all do. 0 keeps none at all. */
  readonly keepGoodMaps: number
}

/** What came of it. Plain data. */
export interface FitOutcome {
  /** Per good picture; `null` where it was not held out. */
  readonly good: readonly (number | null)[]
  /** Per bad picture, of the final model. */
  readonly bad: readonly number[]
  /** The median and 99.9th percentile of held-out good pictures' map values. */
  readonly heat: { readonly median: number; readonly high: number } | null
  /** Pictures that the final model was fitted on. */
  readonly trained: number
  /** Milliseconds from file to score, one picture at a time: the median. */
  readonly milliseconds: number
  readonly fitSeconds: number
  readonly notes: readonly string[]
  /** What the tensor engine said of itself; `null` where none was opened. */
  readonly engine: string | null
  /** Picture ids to .npy files, in the model's own resolution. */
  readonly maps: Readonly<Record<string, string>>
}
