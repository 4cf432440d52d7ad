import type { Ranking } from './ranking.ts'

/** The false positive rate up to which the curve is integrated (Bergmann et al., "The MVTec Anomaly Detection Dataset", IJCV 2021, section 5.2). */
export const FALSE_POSITIVE_LIMIT = 0.3

/**
 * Area under the curve of per-region overlap over the false positive rate, up to a limit and divided by it. The overlap at a threshold is the mean over
 * all regions of the share of the region that scores at least it; every threshold counts, between two the curve is a straight line.
 * In [0, 1]; needs at least one region and one negative pixel.
 * @param regions - the sum of all weights
 */
export function areaUnderOverlap(
  { negatives, negativesAt, negativesAbove, weightAt }: Ranking,
  regions: number,
  limit: number = FALSE_POSITIVE_LIMIT,
): number {
  let rate = 0
  let overlap = 0
  let area = 0
  for (let place = 0; place < weightAt.length; place++) {
    const flat = Math.min(limit, rate + negativesAbove[place] / negatives)
    area += (flat - rate) * overlap
    rate = flat
    if (rate >= limit) return area / limit
    const step = negativesAt[place] / negatives
    const gain = weightAt[place] / regions
    const share = step > limit - rate ? (limit - rate) / step : 1
    area += step * share * (overlap + (gain * share) / 2)
    rate += step * share
    overlap += gain
    if (share < 1) return area / limit
  }
  return (area + (limit - rate) * overlap) / limit
}
