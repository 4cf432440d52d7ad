import type { EvaluatedMap, Evaluation, MetricResult } from '@im-iad/core'
import { rankPixels, type PixelRanking } from './rank-pixels.ts'
import { rankScores } from './rank-scores.ts'
import type { Ranking } from './ranking.ts'

type Computed = number | { readonly value: number; readonly details: Readonly<Record<string, number>> }

/** Computes an image metric, or says why it can't be had: one class only, or a score that is not a number. */
export function imageMetric(evaluation: Evaluation, compute: (ranking: Ranking) => Computed): MetricResult {
  const { samples, scores } = evaluation
  if (scores.length !== samples.length) return { value: null, reason: `there are ${scores.length} scores for ${samples.length} images` }
  const wrong = scores.findIndex((score) => Number.isNaN(score))
  if (wrong >= 0) return { value: null, reason: `the score of "${samples[wrong]?.id}" is not a number` }
  const labels = Uint8Array.from(samples, (sample) => (sample.label === 'anomalous' ? 1 : 0))
  const ranking = evaluation.memo('@im-iad/metrics image ranking', () => rankScores(labels, scores))
  return oneClass(ranking, 'image') ?? result(compute(ranking))
}

/** Computes a pixel metric, or says why it can't be had: no maps, one class only, or a value that is not a number. */
export function pixelMetric(evaluation: Evaluation, compute: (ranking: PixelRanking) => Computed): MetricResult {
  const { maps } = evaluation
  if (maps.kind === 'missing') return { value: null, reason: maps.reason }
  const fault = evaluation.memo('@im-iad/metrics pixel fault', () => findFault(evaluation, maps.items))
  if (fault !== null) return { value: null, reason: fault }
  const ranking = evaluation.memo('@im-iad/metrics pixel ranking', () => rankPixels(maps.items))
  return oneClass(ranking, 'pixel') ?? result(compute(ranking))
}

function result(computed: Computed): MetricResult {
  return typeof computed === 'number' ? { value: computed } : computed
}

function oneClass({ positives, negatives }: Ranking, what: 'image' | 'pixel'): MetricResult | null {
  if (positives === 0) return { value: null, reason: `no ${what} is anomalous` }
  if (negatives === 0) return { value: null, reason: `no ${what} is normal` }
  return null
}

function findFault({ samples }: Evaluation, items: readonly EvaluatedMap[]): string | null {
  if (items.length !== samples.length) return `there are ${items.length} maps for ${samples.length} images`
  for (const [index, { width, height, map, mask }] of items.entries()) {
    const id = samples[index]?.id
    if (map.length !== width * height || mask.length !== width * height)
      return `map and mask of "${id}" are not of ${width}x${height} pixels`
    if (hasNaN(map)) return `the map of "${id}" holds a value that is not a number`
  }
  return null
}

function hasNaN(values: Float32Array): boolean {
  // A sum is NaN when a value is, or when both infinities are there; only then each value is looked at.
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]
  return Number.isNaN(sum) && values.some((value) => Number.isNaN(value))
}
