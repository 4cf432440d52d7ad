import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { syncTensors } from '../engines/sync-tensors.ts'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { BatchPosition } from './batch-order.ts'
import { clipGradients, type GradientClipping } from './clip-gradients.ts'
import { computeGradients } from './compute-gradients.ts'
import { constant } from './schedules.ts'
import type { TrainingState } from './training-checkpoint.ts'
import { trainingDiverged } from './training-errors.ts'
import type { StepReport, TrainingBatch, TrainingRequest } from './training-request.ts'

/** One step, loaded. */
export interface StepInput {
  readonly position: BatchPosition
  readonly batch: TrainingBatch
  readonly stepsPerEpoch: number
  /** Every variable that outlives the step. */
  readonly state: TrainingState
}

/** Loss, gradients and the optimiser's step, written down first and then computed at once by engines that can. @throws ImIadError IM_IAD_E_DIVERGED when the loss is no finite number */
export async function trainStep(request: TrainingRequest, { position, batch, stepsPerEpoch, state }: StepInput): Promise<StepReport> {
  const { tf, epochs, signal, schedule = constant } = request
  const { epoch, step } = position
  const learningRateFactor = schedule({ step, stepsPerEpoch, epochs })
  const { loss, parts } = recordStep(request, position, batch, learningRateFactor)
  try {
    // An engine that computes lazily has not begun.
    signal.throwIfAborted()
    await syncTensors(tf, [loss, ...Object.values(parts), ...state.values()])
    const value = await readScalar(loss)
    if (!Number.isFinite(value)) throw trainingDiverged(`the loss is ${value}`, position, learningRateFactor)
    const values = Object.entries(parts).map(async ([name, part]) => [name, await readScalar(part)] as const)
    return {
      epoch,
      step: step + 1,
      totalSteps: stepsPerEpoch * epochs,
      loss: value,
      parts: Object.fromEntries(await Promise.all(values)),
      learningRateFactor,
    }
  } finally {
    tf.dispose([loss, ...Object.values(parts)])
  }
}

interface RecordedStep {
  readonly loss: Scalar
  readonly parts: Readonly<Record<string, Scalar>>
}

function recordStep(request: TrainingRequest, position: BatchPosition, batch: TrainingBatch, learningRateFactor: number): RecordedStep {
  const { tf, optimizer, average, clipping } = request
  let parts: RecordedStep['parts'] = {}
  const loss = tf.tidy(() => {
    const inputs = Object.fromEntries(Object.entries(batch).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]))
    const computed = computeGradients(tf, optimizer.variables, () => request.loss(inputs, position))
    parts = computed.parts
    optimizer.apply(clipping === undefined ? computed.gradients : clipAll(tf, computed.gradients, clipping), learningRateFactor)
    average?.update()
    return computed.loss
  })
  return { loss, parts }
}

function clipAll(
  tf: TensorEngine,
  gradients: ReadonlyMap<string, Tensor | null>,
  clipping: GradientClipping,
): ReadonlyMap<string, Tensor | null> {
  const present = [...gradients].filter((entry): entry is [string, Tensor] => entry[1] !== null)
  const clipped = clipGradients(
    tf,
    present.map(([, gradient]) => gradient),
    clipping,
  )
  return new Map(present.map(([name], index) => [name, clipped[index] ?? null]))
}

async function readScalar(scalar: Scalar): Promise<number> {
  const [value = Number.NaN] = await scalar.data()
  return value
}
