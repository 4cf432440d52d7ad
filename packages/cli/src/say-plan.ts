import type { Plan } from '@im-iad/core'
import type { ImIadContext } from './context.ts'
import type { RunSelection } from './run-selection.ts'

const HOUR = 3600

/** What the datasets said while being opened. */
export function sayWarnings(plan: Plan, { say }: ImIadContext): void {
  for (const warning of plan.warnings) say(`warning: ${warning}`)
}

/** The sum of the algorithms' own estimates on two cores, in seconds; `null` when one of them gives none. */
export function estimateSeconds(plan: Plan): number | null {
  const estimates = plan.experiments.map((experiment) => experiment.estimatedSeconds)
  return estimates.reduce<number | null>((sum, estimate) => (sum === null || estimate === null ? null : sum + estimate), 0)
}

/** Says so before a run that takes over an hour. */
export function sayLongEstimate(plan: Plan, { configuration }: RunSelection, { say }: ImIadContext): void {
  const seconds = estimateSeconds(plan)
  if (seconds === null || seconds < HOUR) return
  const shorter = configuration.budget === 'paper' ? '; --budget laptop is made for two CPU cores' : ''
  say(`this run takes about ${duration(seconds)} on two CPU cores${shorter}`)
}

/** `3 h`, `20 min` or `40 s`: estimates deserve no more digits. */
export function duration(seconds: number): string {
  if (seconds >= HOUR) return `${(seconds / HOUR).toFixed(seconds < 10 * HOUR ? 1 : 0)} h`
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${Math.max(1, Math.round(seconds))} s`
}
