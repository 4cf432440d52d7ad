import type { RandomStream } from '@im-iad/core'
import { rankScores } from './rank-scores.ts'
import { areaUnderRoc } from './threshold-metrics.ts'

/** Scores of one method for the same pictures as those of the others. */
export interface LabelledScores {
  readonly normal: Float32Array | Float64Array
  readonly anomalous: Float32Array | Float64Array
}

export interface BootstrapOptions {
  /** Two-sided, within (0, 1). */
  readonly confidence: number
  readonly resamples: number
  readonly random: RandomStream
}

/** Areas under the ROC curve with their intervals, and how they compare. */
export interface BootstrappedAuroc {
  /** Per method, in the order given. */
  readonly methods: readonly { readonly auroc: number; readonly low: number; readonly high: number }[]
  /** The share of resamples in which each method has the largest area (ties shared). */
  readonly best: readonly number[]
}

/**
 * Image AUROC with percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13): normal and anomalous pictures are drawn again separately, the
 * same pictures for every method, so that methods are compared on equal draws. Where all anomalous scores are above all normal ones every resample says 1: then the interval says nothing.
 * @throws RangeError unless every method has the same, non-zero numbers of normal and anomalous scores
 */
export function bootstrapAuroc(methods: readonly LabelledScores[], { confidence, resamples, random }: BootstrapOptions): BootstrappedAuroc {
  const normals = methods[0]?.normal.length ?? 0
  const anomalies = methods[0]?.anomalous.length ?? 0
  if (normals === 0 || anomalies === 0) throw new RangeError('AUROC needs at least one normal and one anomalous score')
  if (methods.some(({ normal, anomalous }) => normal.length !== normals || anomalous.length !== anomalies))
    throw new RangeError('all methods need scores of the same pictures')
  const labels = new Uint8Array(normals + anomalies).fill(1, normals)
  const drawn = new Float64Array(labels.length)
  const areas = methods.map(() => new Float64Array(resamples))
  const best = new Float64Array(methods.length)
  const picks = new Uint32Array(labels.length)
  for (let resample = 0; resample < resamples; resample++) {
    for (let place = 0; place < labels.length; place++) picks[place] = random.integer(place < normals ? normals : anomalies)
    for (const [index, { normal, anomalous }] of methods.entries()) {
      for (let place = 0; place < labels.length; place++) drawn[place] = place < normals ? normal[picks[place]] : anomalous[picks[place]]
      areas[index][resample] = areaUnderRoc(rankScores(labels, drawn))
    }
    const largest = Math.max(...areas.map((area) => area[resample]))
    const winners = areas.flatMap((area, index) => (area[resample] === largest ? [index] : []))
    for (const winner of winners) best[winner] += 1 / winners.length / resamples
  }
  const tail = (1 - confidence) / 2
  return {
    methods: methods.map(({ normal, anomalous }, index) => {
      const sorted = areas[index].sort()
      const auroc = areaUnderRoc(rankScores(labels, Float64Array.from([...normal, ...anomalous])))
      return { auroc, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
    }),
    best: Array.from(best),
  }
}

/** Linear between order statistics (type 7 of Hyndman and Fan 1996). */
function quantile(sorted: Float64Array, probability: number): number {
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(sorted.length - 1, below + 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}
