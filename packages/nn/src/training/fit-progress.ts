import type { StepReport } from './training-request.ts'

/** Structurally core's FitProgress. */
export interface TrainingStage {
  readonly fraction: number
  readonly stage: string
  readonly loss: number
}

/**
 * A training's `onStep` that tells an algorithm's `onProgress`: `epoch 3 of 20`, with the step's loss.
 * @param span - the share of the whole `fit` that the training is, from where to where in [0, 1]
 */
export function fitProgress(
  epochs: number,
  onProgress: (progress: TrainingStage) => void,
  [from, to]: readonly [number, number] = [0, 1],
): (report: StepReport) => void {
  return ({ epoch, step, totalSteps, loss }) =>
    onProgress({ fraction: from + ((to - from) * step) / totalSteps, stage: `epoch ${epoch + 1} of ${epochs}`, loss })
}
