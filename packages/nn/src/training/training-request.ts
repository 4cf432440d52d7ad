import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { NamedTensor } from '@im-iad/weights'
import type { BatchOrder, BatchPosition } from './batch-order.ts'
import type { GradientClipping } from './clip-gradients.ts'
import type { LossValue } from './compute-gradients.ts'
import type { MovingAverage } from './moving-average.ts'
import type { Optimizer } from './optimizer.ts'
import type { Schedule } from './schedules.ts'
import type { CheckpointStore } from './training-checkpoint.ts'
import type { TrainingSettings } from './training-settings.ts'

/** A batch as it is loaded: arrays by name. */
export type TrainingBatch = Readonly<Record<string, NamedTensor>>

/** What one step did. */
export interface StepReport {
  readonly epoch: number
  /** Steps done, this one included. */
  readonly step: number
  readonly totalSteps: number
  readonly loss: number
  /** The parts that the loss function named. */
  readonly parts: Readonly<Record<string, number>>
  /** The schedule's factor of the learning rates. */
  readonly learningRateFactor: number
}

export interface TrainingCheckpoint {
  readonly store: CheckpointStore
  readonly everySeconds: number
  /** Whatever else decides on the numbers (parameters, task, seed): a checkpoint in which one differs is refused, naming it. */
  readonly settings?: TrainingSettings
}

export interface TrainingRequest extends BatchOrder {
  readonly tf: TensorEngine
  readonly optimizer: Optimizer
  /** Variables that the forward pass changes by itself: running statistics. They are part of checkpoints. */
  readonly statistics?: ReadonlyMap<string, Variable>
  /** {@link constant} when absent. */
  readonly schedule?: Schedule
  readonly clipping?: GradientClipping
  readonly average?: MovingAverage
  /**
   * Loads a batch; called some batches ahead, so that pictures are decoded while the engine computes. What it gives may depend on its argument only: draw augmentations from a random
   * stream that is named by the step, then a resumed training sees the same pictures.
   */
  readonly load: (position: BatchPosition) => Promise<TrainingBatch>
  /** The loss of a batch, in operations of the engine; the tensors are disposed afterwards. */
  readonly loss: (batch: Readonly<Record<string, Tensor>>, position: BatchPosition) => LossValue
  readonly checkpoint?: TrainingCheckpoint
  readonly onStep?: (report: StepReport) => void
  /** Looked at before, within and after every step; while a batch is loading it takes effect at once. */
  readonly signal: AbortSignal
}
