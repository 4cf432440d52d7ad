/** Mean and sample standard deviation; the deviation of one value is `null`. */
export interface MeanAndDeviation {
  readonly mean: number
  readonly deviation: number | null
  readonly count: number
}

/** `null` without values. */
export function meanAndDeviation(values: readonly number[]): MeanAndDeviation | null {
  if (values.length === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return { mean, deviation: null, count: 1 }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)), count: values.length }
}
