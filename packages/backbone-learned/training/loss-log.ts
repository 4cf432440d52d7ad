import type { StepReport } from '@im-iad/nn'

/** The mean of so many steps. */
export interface LossEntry {
  /** The last of the steps. */
  readonly step: number
  readonly loss: number
  readonly parts: Readonly<Record<string, number>>
}

/** Gathers a training's losses, `every` steps into one entry. */
export function createLossLog(every: number, onEntry: (entry: LossEntry) => void): (report: StepReport) => void {
  let reports: StepReport[] = []
  return (report) => {
    reports.push(report)
    if (report.step % every !== 0 && report.step !== report.totalSteps) return
    onEntry({
      step: report.step,
      loss: mean(reports.map(({ loss }) => loss)),
      parts: Object.fromEntries(Object.keys(report.parts).map((name) => [name, mean(reports.map(({ parts }) => parts[name] ?? 0))])),
    })
    reports = []
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
