import { fitProgress } from './fit-progress.ts'
import { train, type TrainingResult } from './train.ts'
import type { CheckpointStore } from './training-checkpoint.ts'
import type { TrainingRequest } from './training-request.ts'

/** The part of core's FitRequest that is needed here. */
export interface TaskRequest {
  readonly task: string
  readonly checkpoint: CheckpointStore
  readonly onProgress: (progress: { readonly fraction: number; readonly stage: string; readonly loss?: number }) => void
  readonly signal: AbortSignal
}

/** A training without what a task brings. */
export interface TaskTraining extends Omit<TrainingRequest, 'checkpoint' | 'onStep' | 'signal'> {
  /** Whatever decides on the numbers beside task and seed, the algorithm's parameters above all: a checkpoint in which one differs is refused, naming it. */
  readonly settings: object
  readonly seed: number
  /** 30 when absent. */
  readonly secondsBetweenCheckpoints?: number
  /** The share of the whole `fit` that was done before, by extracting features perhaps; 0 when absent. */
  readonly progressFrom?: number
}

/**
 * {@link train} for a task that an algorithm is fitted to: goes on from the task's checkpoint, tells every step (`epoch 3 of 20`) and the end, and stops when the task's signal says so.
 * @throws ImIadError as {@link train} does
 */
export async function trainTask(
  { task, checkpoint, onProgress, signal }: TaskRequest,
  { settings, seed, secondsBetweenCheckpoints = 30, progressFrom = 0, ...training }: TaskTraining,
): Promise<TrainingResult> {
  const result = await train({
    ...training,
    checkpoint: { store: checkpoint, everySeconds: secondsBetweenCheckpoints, settings: { ...settings, task, seed } },
    onStep: fitProgress(training.epochs, onProgress, [progressFrom, 1]),
    signal,
  })
  const loss = result.epochLosses.at(-1)
  onProgress({ fraction: 1, stage: 'trained', ...(loss !== undefined && { loss }) })
  return result
}
