import type { ModelThreshold } from '../model/description.ts'

export interface OutlierFacts {
  readonly threshold: ModelThreshold
  /** Held-out good pictures. */
  readonly good: readonly { readonly id: string; readonly score: number }[]
  readonly bad: readonly number[]
}

/** How far the largest score has to stand off, in distances of the second largest from the median. */
const FAR = 0.5

/** Where few pictures set the threshold and it hangs on one that stands far off: which, and what it would be without. `null` where it does not. */
export function adviseOutlier({ threshold, good, bad }: OutlierFacts): string | null {
  if (threshold.rank !== 1) return null
  const [first, second, ...rest] = good.toSorted((a, b) => b.score - a.score)
  const median = rest[Math.floor(rest.length / 2)]
  if (first === undefined || second === undefined || median === undefined || first.score !== threshold.value) return null
  if (first.score - second.score <= FAR * (second.score - median.score)) return null
  const found = bad.filter((score) => score > second.score).length
  const gain = bad.length === 0 ? '' : `, which would find ${found} of ${bad.length} bad pictures`
  return `The threshold hangs on one picture, ${first.id}: without it, it would be ${second.score.toPrecision(5)}${gain}. Look at it; if it is bad, move it to the bad ones and try again.`
}
