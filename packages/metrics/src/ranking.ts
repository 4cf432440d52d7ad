/**
 * How positives and negatives are ordered by their scores, which is all that threshold metrics depend on. Only the scores that some positive has
 * are listed: between two of them nothing happens but false alarms, which `negativesAbove` counts.
 */
export interface Ranking {
  readonly positives: number
  readonly negatives: number
  /** The distinct scores of positives, falling. */
  readonly scores: Float32Array | Float64Array
  /** Positives of exactly this score. */
  readonly positivesAt: Uint32Array
  /** Negatives of exactly this score. */
  readonly negativesAt: Uint32Array
  /** Negatives strictly between this score and the next higher one of a positive (of any score above the first). */
  readonly negativesAbove: Uint32Array
  /** The sum of the weights of the positives of exactly this score; for per-region overlap a pixel weighs 1 / its region's area. */
  readonly weightAt: Float64Array
}

/** An empty ranking for so many distinct scores, to be filled. */
export function emptyRanking(
  scores: Float32Array | Float64Array,
  totals: { readonly positives: number; readonly negatives: number },
): Ranking {
  const { length } = scores
  return {
    ...totals,
    scores,
    positivesAt: new Uint32Array(length),
    negativesAt: new Uint32Array(length),
    negativesAbove: new Uint32Array(length),
    weightAt: new Float64Array(length),
  }
}
