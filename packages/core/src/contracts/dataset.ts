import type { ParameterSchema } from './parameters.ts'
import type { PluginBase } from './plugin.ts'
import type { Label, Sample } from './sample.ts'

/** How many samples the publisher says there are. Absent fields mean "over all of them". */
export interface ExpectedCount {
  readonly category?: string
  readonly split?: 'train' | 'validation' | 'test'
  readonly label?: Label
  readonly count: number
}

/** A dataset package reads the publisher's raw layout; it never copies, converts or downloads by itself. */
export interface DatasetPlugin<Parameters extends object = object> extends PluginBase {
  readonly kind: 'dataset'
  /** The paper or page to cite, as one line. */
  readonly citation: string
  /** The licence of the data, by its SPDX id or the publisher's words. */
  readonly license: string
  /** `files`: needs a data root. `generated`: makes its pictures, needs none. */
  readonly source: 'files' | 'generated'
  /** For people: where the data is to be had and how to lay it out. Shown when it is missing. */
  readonly obtain: string
  /** What a complete copy holds; empty where that is up to the user. */
  readonly expected: readonly ExpectedCount[]
  readonly parameters: ParameterSchema<Parameters>
  /** Whether `root` itself has this dataset's layout (as against a parent of it). Called before {@link open}; looks at names only. Never called for `generated`. */
  recognizes(root: string): Promise<boolean>
  /**
   * Reads the layout: names only, no pixels.
   * @param root - an existing folder, or `null` for a `generated` dataset
   * @throws ImIadError when the layout is not there, saying what was expected and what is there
   */
  open(root: string | null, parameters: Parameters): Promise<OpenDataset>
}

/** A dataset whose layout has been read. */
export interface OpenDataset {
  /** In the publisher's order, else alphabetical. */
  readonly categories: readonly string[]
  /** Half-copied folders, pictures without masks and the like; one sentence each, shown once per run. */
  readonly warnings: readonly string[]
  /** All samples of one category, sorted by id. Throws for a category that is not in `categories`. */
  samples(category: string): Promise<readonly Sample[]>
}
