import type { MeanAndDeviation } from './statistics.ts'

/** Three digits, and the standard deviation where there are several seeds. */
export function metricCell(value: MeanAndDeviation | null | undefined): string {
  if (value === null || value === undefined) return '-'
  return value.mean.toFixed(3) + (value.deviation === null ? '' : ` ±${value.deviation.toFixed(3)}`)
}
