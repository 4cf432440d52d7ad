import { setImmediate } from 'node:timers/promises'
import type { Variable } from '@tensorflow/tfjs-core'
import { batchPositions, stepsPerEpoch, type BatchPosition } from './batch-order.ts'
import { readAhead } from './read-ahead.ts'
import { trainStep } from './train-step.ts'
import { encodeCheckpoint, restoreCheckpoint, type TrainingState } from './training-checkpoint.ts'
import type { TrainingSettings } from './training-settings.ts'
import { trainingDiverged } from './training-errors.ts'
import { createProgressLog } from './training-progress.ts'
import type { TrainingBatch, TrainingRequest } from './training-request.ts'

export interface TrainingResult {
  /** The mean of the steps' losses, an epoch each. */
  readonly epochLosses: readonly number[]
  readonly steps: number
}

/** Batches that are loaded ahead: loading goes through several turns of the event loop, which a step of some engines blocks. */
const AHEAD = 3

/**
 * Trains: for every batch the loss, its gradients and the optimiser's step, computed by the engine at once. Goes on from the checkpoint when there is one; the weights at the end are those of a
 * training that was never stopped.
 * @throws ImIadError IM_IAD_E_DIVERGED when a loss or a variable is no finite number, naming epoch and step; IM_IAD_E_CHECKPOINT for a checkpoint of another training; the signal's reason
 * when aborted
 */
export async function train(request: TrainingRequest): Promise<TrainingResult> {
  const { tf, optimizer, signal, checkpoint } = request
  signal.throwIfAborted()
  const [state, settings, steps] = [trainingState(request), allSettings(request), stepsPerEpoch(request)]
  const saved = (await checkpoint?.store.load()) ?? null
  const log = createProgressLog(optimizer, steps, saved === null ? null : await restoreCheckpoint(tf, saved, state, settings))
  const save = async (): Promise<void> => checkpoint?.store.save(await encodeCheckpoint(state, log.current(), settings))
  let lastSave = performance.now()
  const positions = remaining(request, log.current().step)
  for await (const [position, batch] of readAhead(positions, abortableLoad(request), AHEAD)) {
    signal.throwIfAborted()
    const report = await trainStep(request, { position, batch, stepsPerEpoch: steps, state })
    log.add(report)
    request.onStep?.(report)
    // Loading, timers and signals get their turn: an engine may block the event loop for a whole step.
    await setImmediate()
    signal.throwIfAborted()
    if (checkpoint === undefined || performance.now() - lastSave < checkpoint.everySeconds * 1000) continue
    await save()
    lastSave = performance.now()
  }
  await requireFinite(state, { epoch: request.epochs - 1, step: log.current().step - 1 })
  await save()
  return { epochLosses: log.current().epochLosses, steps: log.current().step }
}

function trainingState({ optimizer, statistics, average }: TrainingRequest): TrainingState {
  const prefixed = (prefix: string, variables: ReadonlyMap<string, Variable> = new Map()): [string, Variable][] =>
    [...variables].map(([name, variable]) => [`${prefix}/${name}`, variable])
  return new Map([
    ...prefixed('variable', optimizer.variables),
    ...prefixed('statistic', statistics),
    ...prefixed('optimizer', optimizer.state),
    ...prefixed('average', average?.averages),
  ])
}

/** What a checkpoint must have in common with the training that goes on from it. */
function allSettings({ epochs, batchSize, sampleCount, lastBatch, checkpoint }: TrainingRequest): TrainingSettings {
  return { ...checkpoint?.settings, epochs, samples: sampleCount, 'batch size': batchSize, 'last batch': lastBatch }
}

function* remaining(request: TrainingRequest, done: number): Generator<BatchPosition> {
  for (const position of batchPositions(request)) if (position.step >= done) yield position
}

/**
 * Loading that gives up as soon as the request's signal is aborted. Each load listens for itself: whatever is raced against one promise that lives as long as the training stays in memory with it.
 */
function abortableLoad({ load, signal }: TrainingRequest): (position: BatchPosition) => Promise<TrainingBatch> {
  return (position) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const giveUp = (): void => reject(signal.reason)
      signal.addEventListener('abort', giveUp)
      void load(position)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', giveUp))
    })
}

/** The last step's update is seen by no loss. */
async function requireFinite(state: TrainingState, position: Pick<BatchPosition, 'epoch' | 'step'>): Promise<void> {
  for (const [name, variable] of state)
    if (!(await variable.data()).every(Number.isFinite))
      throw trainingDiverged(`"${name}" holds numbers that are not finite`, position, null)
}
