import type { Ranking } from './ranking.ts'

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947; Hanley and McNeil 1982).
 * In [0, 1]; needs at least one positive and one negative.
 */
export function areaUnderRoc({ positives, negatives, positivesAt, negativesAt, negativesAbove }: Ranking): number {
  let above = 0
  let area = 0
  for (let place = 0; place < positivesAt.length; place++) {
    above += negativesAbove[place]
    area += positivesAt[place] * (negatives - above - negativesAt[place] / 2)
    above += negativesAt[place]
  }
  return area / (positives * negatives)
}

/**
 * Average precision, step-wise: the mean over thresholds of precision, weighted by the gain in recall; nothing is interpolated
 * (scikit-learn's `average_precision_score`). In (0, 1]; needs at least one positive.
 */
export function averagePrecision({ positives, positivesAt, negativesAt, negativesAbove }: Ranking): number {
  let found = 0
  let falseAlarms = 0
  let sum = 0
  for (let place = 0; place < positivesAt.length; place++) {
    found += positivesAt[place]
    falseAlarms += negativesAbove[place] + negativesAt[place]
    sum += positivesAt[place] * (found / (found + falseAlarms))
  }
  return sum / positives
}

/**
 * The largest F1 over all thresholds, and the threshold: a score of at least it counts as anomalous. Of several, the highest.
 * Chosen on the data that it is measured on, so it is an upper bound and no threshold to deploy. Needs at least one positive.
 */
export function maximalF1({ positives, scores, positivesAt, negativesAt, negativesAbove }: Ranking): {
  readonly f1: number
  readonly threshold: number
} {
  let found = 0
  let falseAlarms = 0
  let best = { f1: 0, threshold: scores[0] }
  for (let place = 0; place < positivesAt.length; place++) {
    found += positivesAt[place]
    falseAlarms += negativesAbove[place] + negativesAt[place]
    const f1 = (2 * found) / (found + falseAlarms + positives)
    if (f1 > best.f1) best = { f1, threshold: scores[place] }
  }
  return best
}
