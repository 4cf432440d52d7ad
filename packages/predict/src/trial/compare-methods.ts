import type { RandomStream } from '@im-iad/core'
import { bootstrapAuroc } from '@im-iad/metrics'
import { percent } from '../fit/set-threshold.ts'

/** Scores of one method for the same pictures as those of the others. */
export interface MethodScores {
  readonly id: string
  readonly good: readonly number[]
  readonly bad: readonly number[]
  /** Bad pictures above its own threshold. */
  readonly found: number
  /** Per picture. */
  readonly milliseconds: number
}

export interface AurocInterval {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
}

export interface MethodComparison {
  /** Per method, in their order; `null` without bad pictures. */
  readonly aurocs: readonly (AurocInterval | null)[]
  /** The place of the method to take. */
  readonly recommended: number
  /** Why, for people. */
  readonly why: string
  /** How sure that is, for people. */
  readonly sure: string
  /** The share of resamples in which the recommended one has the highest AUROC; `null` where nothing could be compared. */
  readonly bestShare: number | null
}

const CONFIDENCE = 0.95
const RESAMPLES = 2000
/** A method that is ahead in so many resamples may well be the best. */
const CONTENDER = 0.2

/**
 * Recommends the method with the highest image AUROC or, where others may well be as good, the one of these whose threshold finds most and then the fastest; without bad pictures, where nothing tells which finds more, the fastest.
 */
export function compareMethods(methods: readonly MethodScores[], random: RandomStream): MethodComparison {
  const bad = methods[0]?.bad.length ?? 0
  return bad === 0 ? withoutBad(methods) : withBad(methods, bad, random)
}

function withoutBad(methods: readonly MethodScores[]): MethodComparison {
  const recommended = placeOf(methods, (method) => -method.milliseconds)
  const why =
    methods.length === 1
      ? `${idAt(methods, recommended)} is the only method that was tried.`
      : `${idAt(methods, recommended)} is the fastest. Without a bad picture nothing tells which method finds more.`
  const sure = 'Not sure at all: whether it finds your defects is unknown. Ten bad pictures would tell.'
  return { aurocs: methods.map(() => null), recommended, why, sure, bestShare: null }
}

function withBad(methods: readonly MethodScores[], bad: number, random: RandomStream): MethodComparison {
  const scores = methods.map((method) => ({ normal: Float64Array.from(method.good), anomalous: Float64Array.from(method.bad) }))
  const compared = bootstrapAuroc(scores, { confidence: CONFIDENCE, resamples: RESAMPLES, random })
  const aurocs = compared.methods.map(({ auroc, low, high }): AurocInterval => ({ value: auroc, low, high, confidence: CONFIDENCE }))
  const highest = placeOf(aurocs, ({ value }) => value)
  // An advantage that may be chance decides nothing: of those that can't be told apart the one whose threshold finds most, then the fastest.
  const isContender = (place: number): boolean => place === highest || (compared.best[place] ?? 0) >= CONTENDER
  const most = methods.reduce((largest, { found }, place) => (isContender(place) ? Math.max(largest, found) : largest), 0)
  const recommended = placeOf(methods, ({ milliseconds, found }, place) =>
    isContender(place) && found === most ? -milliseconds : Number.NEGATIVE_INFINITY,
  )
  const chosen = aurocs[recommended] ?? { value: 0, low: 0, high: 0, confidence: CONFIDENCE }
  const range = `image AUROC ${chosen.value.toFixed(3)} (${percent(CONFIDENCE)} interval ${chosen.low.toFixed(3)} to ${chosen.high.toFixed(3)})`
  return {
    aurocs,
    recommended,
    why: whyText(methods, aurocs, recommended, highest, range),
    sure: [howSure(compared.best, methods, recommended, highest), howGood(chosen, bad)].filter((text) => text !== '').join(' '),
    bestShare: methods.length === 1 ? null : (compared.best[recommended] ?? 0),
  }
}

function whyText(
  methods: readonly MethodScores[],
  aurocs: readonly AurocInterval[],
  recommended: number,
  highest: number,
  range: string,
): string {
  const id = idAt(methods, recommended)
  if (methods.length === 1) return `${id}, the only method that was tried, has ${range}.`
  if (recommended === highest) return `${id} has the highest ${range}.`
  const [own, other] = [methods[recommended], methods[highest]]
  if (own === undefined || other === undefined) return ''
  const reason =
    own.found > other.found
      ? `its threshold finds ${other.found} of ${other.bad.length} bad pictures instead of ${own.found}`
      : `it takes ${(other.milliseconds / own.milliseconds).toFixed(1)} times as long`
  return `${id} has ${range}; ${other.id} has ${(aurocs[highest]?.value ?? 0).toFixed(3)}, too near to tell apart, and ${reason}.`
}

function howSure(shares: readonly number[], methods: readonly MethodScores[], recommended: number, highest: number): string {
  if (methods.length === 1) return ''
  const drawn = `${RESAMPLES} times that the pictures are drawn anew`
  const ahead = (place: number): string => `${idAt(methods, place)} is ahead in ${percent(shares[place] ?? 0)} of ${drawn}`
  if (recommended !== highest)
    return `Not sure which is better: of ${drawn}, ${idAt(methods, highest)} is ahead in ${percent(shares[highest] ?? 0)} and ${idAt(methods, recommended)} in ${percent(shares[recommended] ?? 0)}. More bad pictures would tell.`
  const share = shares[recommended] ?? 0
  if (share >= 0.95) return `Sure that it is the best of them: ${ahead(recommended)}.`
  return share >= 1 - CONTENDER
    ? `Likely the best of them: ${ahead(recommended)}.`
    : `Not sure that it is the best of them: ${ahead(recommended)}.`
}

function howGood({ value, low }: AurocInterval, bad: number): string {
  if (value === 1)
    return `Every bad picture scores above every good one; with ${bad} of them the interval can't show how rarely that fails.`
  if (low <= 0.5) return 'It may be no better than guessing on these pictures.'
  if (low < 0.7) return 'It sees some of the defects: look at the pictures it misses before relying on it.'
  return ''
}

function placeOf<Item>(items: readonly Item[], value: (item: Item, place: number) => number): number {
  let best = 0
  for (const [place, item] of items.entries()) {
    const current = items[best]
    if (current !== undefined && value(item, place) > value(current, best)) best = place
  }
  return best
}

function idAt(methods: readonly MethodScores[], place: number): string {
  return methods[place]?.id ?? ''
}
