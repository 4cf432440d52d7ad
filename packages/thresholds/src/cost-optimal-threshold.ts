import { checkFraction, checkScores } from './check-input.ts'
import { notACost } from './errors.ts'

/** What mistakes cost, in any one unit. */
export interface DecisionCosts {
  /** A bad part that passes. */
  readonly miss: number
  /** A good part that is rejected. */
  readonly falseAlarm: number
  /** The share of bad parts on the line, within (0, 1). */
  readonly badShare: number
}

/** A threshold and what it would have cost; a picture is anomalous when its score is above it. */
export interface CostOptimalThreshold {
  readonly threshold: number
  /** Expected cost per part. */
  readonly cost: number
  readonly missRate: number
  readonly falseAlarmRate: number
}

/**
 * The threshold with the least expected cost per part on these scores: badShare · miss · (share of bad at or below it) + (1 - badShare) · falseAlarm · (share of good above it)
 * (Elkan, "The Foundations of Cost-Sensitive Learning", IJCAI 2001, with class shares re-weighted to the line's). Of several it is in the middle of the widest gap between scores.
 * The cost is that of the data it was chosen on: {@link crossFittedCost} says what to expect.
 * @throws ImIadError IM_IAD_E_THRESHOLD for missing scores or impossible costs
 */
export function costOptimalThreshold(good: ArrayLike<number>, bad: ArrayLike<number>, costs: DecisionCosts): CostOptimalThreshold {
  checkScores('good', good)
  checkScores('bad', bad)
  checkCosts(costs)
  const candidates = candidateThresholds(good, bad)
  let best: (CostOptimalThreshold & { readonly gap: number }) | null = null
  for (const { threshold, gap } of candidates) {
    const judged = costAt(threshold, good, bad, costs)
    if (best === null || judged.cost < best.cost - 1e-12 || (judged.cost <= best.cost + 1e-12 && gap > best.gap)) best = { ...judged, gap }
  }
  if (best === null) throw new RangeError('there is at least one candidate')
  const { threshold, cost, missRate, falseAlarmRate } = best
  return { threshold, cost, missRate, falseAlarmRate }
}

/** What a threshold costs on these scores. */
export function costAt(
  threshold: number,
  good: ArrayLike<number>,
  bad: ArrayLike<number>,
  { miss, falseAlarm, badShare }: DecisionCosts,
): CostOptimalThreshold {
  const falseAlarmRate = share(good, (score) => score > threshold)
  const missRate = share(bad, (score) => score <= threshold)
  return { threshold, missRate, falseAlarmRate, cost: badShare * miss * missRate + (1 - badShare) * falseAlarm * falseAlarmRate }
}

/** A score and the part of a cross-fit that it belongs to. */
export interface FoldedScore {
  readonly score: number
  readonly fold: number
}

/**
 * What a cost-optimal threshold can be expected to cost: for every fold it is chosen on the others and judged on the fold, so that no picture judges a threshold
 * it helped to choose (cross-fitting; Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", JRSS B 36, 1974).
 * @returns the pooled rates and cost; `null` when a fold leaves no good or no bad picture to choose by
 */
export function crossFittedCost(
  good: readonly FoldedScore[],
  bad: readonly FoldedScore[],
  costs: DecisionCosts,
): Omit<CostOptimalThreshold, 'threshold'> | null {
  let falseAlarms = 0
  let misses = 0
  for (const fold of new Set([...good, ...bad].map((item) => item.fold))) {
    const outside = (items: readonly FoldedScore[]): number[] => items.filter((item) => item.fold !== fold).map((item) => item.score)
    const chosenGood = outside(good)
    const chosenBad = outside(bad)
    if (chosenGood.length === 0 || chosenBad.length === 0) return null
    const { threshold } = costOptimalThreshold(chosenGood, chosenBad, costs)
    falseAlarms += good.filter((item) => item.fold === fold && item.score > threshold).length
    misses += bad.filter((item) => item.fold === fold && item.score <= threshold).length
  }
  const falseAlarmRate = falseAlarms / good.length
  const missRate = misses / bad.length
  return {
    missRate,
    falseAlarmRate,
    cost: costs.badShare * costs.miss * missRate + (1 - costs.badShare) * costs.falseAlarm * falseAlarmRate,
  }
}

function checkCosts({ miss, falseAlarm, badShare }: DecisionCosts): void {
  if (!(miss > 0 && Number.isFinite(miss))) throw notACost('a miss', miss)
  if (!(falseAlarm > 0 && Number.isFinite(falseAlarm))) throw notACost('a false alarm', falseAlarm)
  checkFraction('share of bad parts', badShare)
}

/** The middles between neighbouring distinct scores, and the two ends: just below the least (all rejected) and the largest (none). */
function candidateThresholds(
  good: ArrayLike<number>,
  bad: ArrayLike<number>,
): readonly { readonly threshold: number; readonly gap: number }[] {
  const distinct = [...new Set([...Array.from(good), ...Array.from(bad)])].toSorted((a, b) => a - b)
  const least = distinct[0]
  const largest = distinct[distinct.length - 1]
  const margin = Math.max(1, Math.abs(least)) * 1e-6
  const middles = distinct.slice(1).map((upper, index) => {
    const lower = distinct[index]
    const middle = lower + (upper - lower) / 2
    return { threshold: middle < upper ? middle : lower, gap: upper - lower }
  })
  return [{ threshold: least - margin, gap: 0 }, ...middles, { threshold: largest, gap: 0 }]
}

function share(scores: ArrayLike<number>, counts: (score: number) => boolean): number {
  let count = 0
  for (let index = 0; index < scores.length; index++) if (counts(scores[index])) count++
  return count / scores.length
}
