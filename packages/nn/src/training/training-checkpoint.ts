import type { Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '@im-iad/weights'
import { foreignCheckpoint } from './training-errors.ts'
import { differingSettings, type TrainingSettings } from './training-settings.ts'

/** Bytes that survive the process; structurally core's Checkpoint. */
export interface CheckpointStore {
  /** The bytes saved last, or `null`. */
  load(): Promise<Uint8Array | null>
  /** Replaces them atomically. */
  save(bytes: Uint8Array): Promise<void>
}

/** Where a training is, besides the values of its variables. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number
  /** Mean losses of the epochs that are done. */
  readonly epochLosses: readonly number[]
  /** Sum of the losses of the epoch that is going on. */
  readonly lossSum: number
  /** Steps that each variable's optimiser has done, by name. */
  readonly optimizerSteps: Readonly<Record<string, number>>
}

/** All variables that a training goes on from, by names that tell what they are. */
export type TrainingState = ReadonlyMap<string, Variable>

interface SavedProgress extends TrainingProgress {
  readonly settings?: TrainingSettings
}

const KEY = 'im-iad.training'

/**
 * The state as bytes: safetensors with the progress in its metadata.
 * @param settings - what must be the same to go on
 */
export async function encodeCheckpoint(state: TrainingState, progress: TrainingProgress, settings: TrainingSettings): Promise<Uint8Array> {
  const tensors: Record<string, NamedTensor> = {}
  // Float32Array.from: an engine may hand out memory that it writes to later.
  for (const [name, variable] of state) tensors[name] = { shape: variable.shape, data: Float32Array.from(await variable.data()) }
  return encodeSafetensors(tensors, { metadata: new Map([[KEY, JSON.stringify({ settings, ...progress })]]) })
}

/**
 * Puts a checkpoint's values into the variables.
 * @throws ImIadError IM_IAD_E_SAFETENSORS for damaged bytes, IM_IAD_E_CHECKPOINT for those of another training
 */
export async function restoreCheckpoint(
  tf: TensorEngine,
  bytes: Uint8Array,
  state: TrainingState,
  settings: TrainingSettings,
): Promise<TrainingProgress> {
  const { tensors, metadata } = await decodeSafetensors(bytes, 'the checkpoint of the training')
  const { settings: saved = {}, ...progress }: SavedProgress = JSON.parse(metadata.get(KEY) ?? '{}')
  const differences = differingSettings(saved, settings)
  if (differences.length > 0) throw foreignCheckpoint(`it is of a training with other settings: ${differences.join('; ')}`)
  const names = [...state.keys()]
  if (tensors.size !== names.length || names.some((name) => !tensors.has(name)))
    throw foreignCheckpoint(`it holds ${tensors.size} tensors, this training has ${names.length} of other names`)
  tf.tidy(() => {
    for (const [name, variable] of state) {
      const { shape, data } = tensors.get(name) ?? { shape: [], data: new Float32Array() }
      if (shape.join() !== variable.shape.join())
        throw foreignCheckpoint(`"${name}" is [${shape.join(', ')}] in it, [${variable.shape.join(', ')}] in this training`)
      variable.assign(tf.tensor(data, [...shape], 'float32'))
    }
  })
  return progress
}
