import { falseRejectThreshold, wilsonInterval, type FalseRejectGoal, type FalseRejectThreshold } from '@im-iad/thresholds'
import type { DetectionRate, ModelThreshold } from '../model/description.ts'
import type { PartGroups } from './near-duplicates.ts'
import type { HoldOut } from './plan-hold-out.ts'

export interface ThresholdRequest {
  /** Per good picture; `null` where it was not held out. */
  readonly good: readonly (number | null)[]
  readonly bad: readonly number[]
  readonly parts: PartGroups
  readonly holdOut: HoldOut
  readonly goal: FalseRejectGoal
}

/**
 * The threshold from held-out good pictures alone. A part that was taken several times counts once, by its highest score: pictures of one part are not independent, and a bound on parts
 * bounds their pictures.
 */
export function setThreshold({ good, bad, parts, holdOut, goal }: ThresholdRequest): ModelThreshold {
  const highest = highestOfParts(good, parts)
  const bound = falseRejectThreshold(highest, goal)
  const pictures = good.filter((score) => score !== null).length
  return {
    value: bound.threshold,
    statement: statementOf(bound, pictures, holdOut),
    falseReject: { rate: goal.rate, confidence: goal.confidence },
    supported: bound.supported,
    supportedRate: bound.supportedRate,
    required: bound.required,
    count: bound.count,
    rank: bound.rank,
    heldOut: holdOut.kind,
    detection: detectionRate(bad, bound.threshold, 0.95),
  }
}

/** The share of bad pictures above a threshold that none of them has set; `null` without any. */
export function detectionRate(bad: readonly number[], threshold: number, confidence: number): DetectionRate | null {
  if (bad.length === 0) return null
  const hits = bad.filter((score) => score > threshold).length
  return { hits, count: bad.length, confidence, ...wilsonInterval(hits, bad.length, confidence) }
}

function highestOfParts(good: readonly (number | null)[], { groupOf }: PartGroups): readonly number[] {
  const highest = new Map<number, number>()
  for (const [index, score] of good.entries()) {
    const group = groupOf[index]
    if (score !== null && group !== undefined) highest.set(group, Math.max(score, highest.get(group) ?? Number.NEGATIVE_INFINITY))
  }
  return [...highest.values()]
}

function statementOf(bound: FalseRejectThreshold, pictures: number, { kind, folds }: HoldOut): string {
  const { count, rank, rate, confidence, supported, supportedRate, required } = bound
  const counted =
    count === pictures ? `${count} good pictures` : `${count} different good parts (${pictures} pictures; near-duplicates count once)`
  const isSplit = kind === 'split'
  const folded = `scored by a model fitted without it (${folds} folds); the final model is fitted on all, so the promise is near, not exact`
  if (!supported)
    return `${counted} can't support ${percent(rate)}: at least ${required} are needed for ${percent(confidence)} confidence. The largest of their scores is used, which keeps false rejects at or below ${percent(supportedRate)} with that confidence. ${isSplit ? 'They were held out of the model' : `Each was ${folded}`}.`
  return `At most ${percent(rate)} of good pictures are rejected, with ${percent(confidence)} confidence: the ${ordinal(rank)} score of ${counted}, ${isSplit ? 'held out of the model' : `each ${folded}`}. No assumption on the distribution of scores.`
}

function ordinal(rank: number): string {
  if (rank === 1) return 'largest'
  const tens = rank % 100
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th')
  return `${rank}${suffix} largest`
}

/** `1 %`, `0.5 %`, `7.2 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(share < 0.1 ? 2 : 3))} %`
}
