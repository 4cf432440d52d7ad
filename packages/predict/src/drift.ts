import { createRandomSource } from '@im-iad/core'
import { rankSumTest } from '@im-iad/thresholds'
import type { ModelDescription } from './model/description.ts'
import type { Decision } from './model.ts'

/** Good-looking pictures whose scores shifted against those held out when the model was fitted. */
export interface Drift {
  /** The chance that a new good-looking picture scores above one seen at fitting: 0.5 without drift. */
  readonly superiority: number
  readonly pValue: number
  /** The level at which the test was made. */
  readonly level: number
  readonly count: number
  readonly median: number
  readonly medianAtFitting: number
}

/** Watches scores go by. */
export interface DriftWatch {
  readonly add: (scored: { readonly score: number; readonly decision: Decision }) => void
  /** What has been found so far; `null` where nothing shifted or too little was seen to say. */
  readonly drift: () => Drift | null
}

/** The chance of an alarm without any shift. */
const LEVEL = 0.01
/** Fewer can't tell a shift from chance. */
const LEAST = 20
/** Scores kept; a uniform sample of all (Vitter 1985, algorithm R). */
const KEPT = 2000
/** A shift has to matter, not only to be significant: Vargha and Delaney's "small" is 0.06 off one half, and with thousands of pictures anything is significant. Half-way to their "medium". */
const LEAST_SHIFT = 0.1
/**
 * Scores held out by cross-fitting are those of models that saw less, so new ones are lower without any drift: 0.36 instead of one half for PatchCore on 60 pictures. Downwards only a shift beyond that is told.
 */
const LEAST_FALL_CROSS_FITTED = 0.35

/**
 * Compares good-looking scores with the model's held-out good ones by the rank-sum test at level 1 %, if superiority is also far enough from one half to matter.
 * @param threshold - the one that is decided by: both sides are cut there, so that defects don't count as drift
 */
export function watchDrift(
  { heldOutScores, threshold: { heldOut } }: Pick<ModelDescription, 'heldOutScores' | 'threshold'>,
  threshold: number,
): DriftWatch {
  const leastFall = heldOut === 'split' ? LEAST_SHIFT : LEAST_FALL_CROSS_FITTED
  const reference = heldOutScores.filter((score) => score <= threshold)
  const random = createRandomSource(0, 'drift').stream('reservoir')
  const kept: number[] = []
  let seen = 0
  return {
    add({ score, decision }) {
      if (decision === 'anomalous') return
      seen++
      if (kept.length < KEPT) kept.push(score)
      else {
        const place = random.integer(seen)
        if (place < KEPT) kept[place] = score
      }
    },
    drift() {
      if (kept.length < LEAST || reference.length < LEAST) return null
      const { superiority, pValue } = rankSumTest(kept, reference)
      const matters = superiority - 0.5 >= LEAST_SHIFT || 0.5 - superiority >= leastFall
      if (pValue >= LEVEL || !matters) return null
      return { superiority, pValue, level: LEVEL, count: seen, median: medianOf(kept), medianAtFitting: medianOf(reference) }
    },
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2
}
