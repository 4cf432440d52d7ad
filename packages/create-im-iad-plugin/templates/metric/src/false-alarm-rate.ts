import type { Label, MetricResult } from '@im-iad/core'

/**
 * The share of normal pictures that score at least as much as the lowest-scoring anomalous one that must still be found.
 * @param scores - higher is more anomalous, in the order of `labels`
 * @param found - share of the anomalous pictures that must raise an alarm, in (0, 1]
 * @returns a value in [0, 1], or why there is none: a metric never makes a number up
 */
export function falseAlarmRate(labels: readonly Label[], scores: Float32Array | Float64Array, found: number): MetricResult {
  if (scores.some(Number.isNaN)) return { value: null, reason: 'a score is not a number' }
  const anomalous = scores.filter((_, index) => labels[index] === 'anomalous').toSorted()
  const normal = scores.filter((_, index) => labels[index] === 'normal')
  if (anomalous.length === 0) return { value: null, reason: 'no anomalous picture is evaluated' }
  if (normal.length === 0) return { value: null, reason: 'no normal picture is evaluated' }
  const threshold = anomalous[anomalous.length - Math.ceil(anomalous.length * found)]
  return { value: normal.filter((score) => score >= threshold).length / normal.length }
}
