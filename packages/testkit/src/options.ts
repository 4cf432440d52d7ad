/** What a package's author tells the conformance suite; everything has a default. */
export interface ConformanceOptions {
  /** Parameters laid over budget `smoke` (algorithms) or over the defaults (the other kinds). */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** A folder with data in a dataset's layout, small or whole. Without it, checks that read data of datasets of source `files` are skipped. */
  readonly dataRoot?: string
  /** `dataRoot` is the publisher's whole copy: then the counts in `expected` are checked. */
  readonly dataIsComplete?: boolean
  /** A file of weights, for a backbone that reads one; several by the ids of their plugins. Without it, checks that open such a backbone are skipped. */
  readonly weightsFile?: string | Readonly<Record<string, string>>
  /** Width and height of the pictures that a backbone is tried with; 96 x 64 by default. */
  readonly pictureSize?: { readonly width: number; readonly height: number }
  /**
   * A module whose default export opens backbones for an algorithm, `(reference: string) => FeatureExtractor | Promise<FeatureExtractor>`; another process
   * imports it too. By default every reference opens a stand-in with levels of stride 2 to 32 and no weights. What it exports as `train`, `(reference: string, request: TrainableRequest) =>
   * TrainableBackbone | null | Promise<…>`, opens them to be trained; without it none can be.
   */
  readonly backbone?: string | URL
  /**
   * How much a picture's scores and features may differ with the batch it is in, relative to the largest magnitude: 1e-4 by default, since matrix products
   * of different sizes may add up in different orders. 0 asks for equal bytes.
   */
  readonly batchTolerance?: number
  /** Seconds that one check may take before it counts as failed; 120 by default. */
  readonly timeLimit?: number
  /** Ids of the plugins to check; all that the package provides by default. */
  readonly plugins?: readonly string[]
  /**
   * Checks that are known to fail, each with the reason: `CHECK`, or `PLUGIN/CHECK` for one plugin of several. Strict: one that passes is a failure.
   */
  readonly knownFailures?: Readonly<Record<string, string>>
}

export const DEFAULT_TIME_LIMIT = 120
