import { binomialCumulative } from './binomial-distribution.ts'
import { checkFraction, checkScores } from './check-input.ts'

/** A promise about good pictures: at most `rate` of them are rejected, with `confidence`. */
export interface FalseRejectGoal {
  /** Within (0, 1): 0.01 is one good picture in a hundred. */
  readonly rate: number
  /** Within (0, 1): how often the promise holds over repetitions of the whole procedure. */
  readonly confidence: number
}

/** A threshold; a picture is anomalous when its score is above it. */
export interface FalseRejectThreshold extends FalseRejectGoal {
  readonly threshold: number
  /** Good pictures that it was set from. */
  readonly count: number
  /** It is their `rank`-th largest score. */
  readonly rank: number
  /** Whether so many pictures can support the goal; if not, `threshold` is the largest score, which is the best they can do. */
  readonly supported: boolean
  /** How many pictures the goal needs at least. */
  readonly required: number
  /** The rate that `threshold` keeps with `confidence`; at most `rate` exactly when `supported`. */
  readonly supportedRate: number
}

/**
 * The lowest threshold that keeps the rate of falsely rejected good pictures at or below a goal, whatever the distribution of scores.
 *
 * Of n independent scores of one continuous distribution, the share of the distribution above the k-th largest is Beta(k, n - k + 1), so it is at most p with probability
 * P(Binomial(n, p) >= k) (Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12, 1941; David and Nagaraja,
 * "Order Statistics", 2003, section 7.3). k is the largest rank for which that is at least the confidence; with k = 1 it reads n >= ln(1 - confidence) / ln(1 - p): 299 pictures for 1 % at 95 %.
 * Ties only lower the rate, since a score has to be above the threshold.
 * @param goodScores - of good pictures that the model was not fitted on, in any order
 * @throws ImIadError IM_IAD_E_THRESHOLD for no scores, scores that are not finite, or a goal outside (0, 1)
 */
export function falseRejectThreshold(goodScores: ArrayLike<number>, goal: FalseRejectGoal): FalseRejectThreshold {
  checkScores('good', goodScores)
  const count = goodScores.length
  const supportedRank = falseRejectRank(count, goal)
  const rank = Math.max(1, supportedRank)
  const falling = Float64Array.from(goodScores).sort().reverse()
  return {
    ...goal,
    threshold: falling[rank - 1],
    count,
    rank,
    supported: supportedRank > 0,
    required: requiredGoodPictures(goal),
    supportedRate: boundedRate(count, rank, goal.confidence),
  }
}

/** The largest rank, counted from the largest of `count` scores, that keeps the goal; 0 when not even the largest does. */
export function falseRejectRank(count: number, { rate, confidence }: FalseRejectGoal): number {
  checkFraction('false-reject rate', rate)
  checkFraction('confidence', confidence)
  // P(Binomial(count, rate) <= rank - 1) rises with the rank: the largest that stays within what may fail, by bisection.
  let fits = 0
  let fails = count + 1
  while (fails - fits > 1) {
    const rank = (fits + fails) >>> 1
    if (binomialCumulative(rank - 1, count, rate) <= 1 - confidence) fits = rank
    else fails = rank
  }
  return fits
}

/** How many held-out good pictures a goal needs at least: the smallest n with (1 - rate)^n <= 1 - confidence. */
export function requiredGoodPictures({ rate, confidence }: FalseRejectGoal): number {
  checkFraction('false-reject rate', rate)
  checkFraction('confidence', confidence)
  const count = Math.ceil(Math.log1p(-confidence) / Math.log1p(-rate))
  // The quotient may be a whole number up to rounding; the definition decides.
  return binomialCumulative(0, count - 1, rate) <= 1 - confidence ? count - 1 : count
}

/** The smallest rate that the `rank`-th largest of `count` scores keeps with `confidence`: the upper Clopper–Pearson bound for `rank - 1` of `count`. */
export function boundedRate(count: number, rank: number, confidence: number): number {
  checkFraction('confidence', confidence)
  let fails = 0
  let holds = 1
  for (let step = 0; step < 100 && holds - fails > 1e-15; step++) {
    const rate = (fails + holds) / 2
    if (binomialCumulative(rank - 1, count, rate) <= 1 - confidence) holds = rate
    else fails = rate
  }
  return holds
}
