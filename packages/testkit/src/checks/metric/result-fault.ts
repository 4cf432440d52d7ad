import type { MetricResult } from '@im-iad/core'

/** What is wrong with a metric's result, or `null`. */
export function resultFault(result: MetricResult | undefined): string | null {
  if (typeof result !== 'object' || result === null) return `it returns ${String(result)}, not { value }`
  if (result.value === null) return typeof result.reason === 'string' && result.reason !== '' ? null : 'it gives null without a reason'
  if (!Number.isFinite(result.value)) return `it gives ${result.value}`
  const wrong = Object.entries(result.details ?? {}).find(([, value]) => typeof value !== 'number')
  return wrong === undefined ? null : `its detail "${wrong[0]}" is ${String(wrong[1])}`
}
