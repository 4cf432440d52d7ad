/** One level of a backbone's features for a batch; structurally core's FeatureMap. */
export interface LevelFeatures {
  readonly level: { readonly channels: number; readonly stride: number }
  readonly height: number
  readonly width: number
  /** float32 `[count, height, width, channels]`. */
  readonly data: Float32Array
}

/** Patch features of a batch: a row per position, images after one another. */
export interface PatchFeatures {
  /** The grid of one image. */
  readonly height: number
  readonly width: number
  readonly dimension: number
  /** float32 `[count, height, width, dimension]`. */
  readonly data: Float32Array
}

/** The finest of several levels: the grid that the others are brought to. */
export function finestLevel<Level extends { readonly height: number }>(levels: readonly Level[]): Level {
  const [first, ...rest] = levels
  if (first === undefined) throw new RangeError('at least one feature level is needed')
  return rest.reduce((finest, level) => (level.height > finest.height ? level : finest), first)
}
