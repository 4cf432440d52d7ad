import type { Optimizer } from './optimizer.ts'
import type { TrainingProgress } from './training-checkpoint.ts'
import type { StepReport } from './training-request.ts'

/** How far a training is. */
export interface ProgressLog {
  add(report: StepReport): void
  /** For a checkpoint. */
  current(): TrainingProgress
}

/** @param saved - of the checkpoint that is gone on from, or `null` */
export function createProgressLog(optimizer: Optimizer, stepsPerEpoch: number, saved: TrainingProgress | null): ProgressLog {
  const epochLosses = [...(saved?.epochLosses ?? [])]
  let [step, lossSum] = [saved?.step ?? 0, saved?.lossSum ?? 0]
  for (const [name, steps] of Object.entries(saved?.optimizerSteps ?? {})) optimizer.steps.set(name, steps)
  return {
    add(report) {
      step = report.step
      lossSum += report.loss
      if (step % stepsPerEpoch !== 0) return
      epochLosses.push(lossSum / stepsPerEpoch)
      lossSum = 0
    },
    current: () => ({ step, epochLosses: [...epochLosses], lossSum, optimizerSteps: Object.fromEntries(optimizer.steps) }),
  }
}
