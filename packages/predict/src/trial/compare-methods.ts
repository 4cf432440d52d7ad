import type { RandomStream } from '@im-iad/core'
import { bootstrapAuroc } from '@im-iad/metrics'
import { percent } from '../fit/set-threshold.ts'

/** Scores of one method for the same pictures as those of the others. */
export interface MethodScores {
  readonly id: string
  readonly good: readonly number[]
  readonly bad: readonly number[]
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
  /** The share of resamples in which it has the highest AUROC; `null` where nothing could be compared. */
  readonly bestShare: number | null
}

const CONFIDENCE = 0.95
const RESAMPLES = 2000

/** Recommends the method with the highest image AUROC; without bad pictures, where nothing tells which finds more, the fastest. */
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
  const recommended = placeOf(aurocs, ({ value }) => value)
  const bestShare = methods.length === 1 ? null : (compared.best[recommended] ?? 0)
  const best = aurocs[recommended] ?? { value: 0, low: 0, high: 0, confidence: CONFIDENCE }
  const id = idAt(methods, recommended)
  const range = `image AUROC ${best.value.toFixed(3)} (${percent(CONFIDENCE)} interval ${best.low.toFixed(3)} to ${best.high.toFixed(3)})`
  const why = methods.length === 1 ? `${id}, the only method that was tried, has ${range}.` : `${id} has the highest ${range}.`
  return {
    aurocs,
    recommended,
    why,
    sure: [howSure(bestShare, methods, recommended), howGood(best, bad)].filter((text) => text !== '').join(' '),
    bestShare,
  }
}

function howSure(share: number | null, methods: readonly MethodScores[], recommended: number): string {
  if (share === null) return ''
  const wins = `it is ahead in ${percent(share)} of ${RESAMPLES} resamples of the pictures`
  const fastest = methods[placeOf(methods, (method) => -method.milliseconds)]
  const faster =
    fastest === undefined || fastest.id === methods[recommended]?.id
      ? ''
      : ` ${fastest.id} is faster (${fastest.milliseconds.toFixed(0)} ms a picture) and may do as well.`
  if (share >= 0.95) return `Sure that it is the best of them: ${wins}.`
  if (share >= 0.8) return `Likely the best of them: ${wins}.${faster}`
  return `Not sure that it is the best of them: ${wins}.${faster}`
}

function howGood({ value, low }: AurocInterval, bad: number): string {
  if (value === 1)
    return `Every bad picture scores above every good one; with ${bad} of them the interval can't show how rarely that fails.`
  if (low <= 0.5) return 'It may be no better than guessing on these pictures.'
  if (low < 0.7) return 'It sees some of the defects: look at the pictures it misses before relying on it.'
  return ''
}

function placeOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  let best = 0
  for (const [place, item] of items.entries()) {
    const current = items[best]
    if (current !== undefined && value(item) > value(current)) best = place
  }
  return best
}

function idAt(methods: readonly MethodScores[], place: number): string {
  return methods[place]?.id ?? ''
}
