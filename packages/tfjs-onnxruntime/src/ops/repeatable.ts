import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { openBackend } from '../engine-access.ts'
import { BACKEND_NAME } from '../recording/recorder.ts'
import { recordAgain, recordingOf, type Recording } from '../recording/call-template.ts'

/** A function of a tensor that is written down once for each shape. */
export interface Repeatable<T extends Tensor, R extends Tensor> {
  (x: T): readonly R[]
  /** Lets go of what was written down, and with it of the constants in it. */
  forget(): void
}

/**
 * Makes a pure function of one tensor cheap to call again, such as a network with frozen weights: its calls of tfjs are recorded on the first tensor of a shape, and repeated as they are on the next ones, without
 * going through tfjs (some milliseconds for a hundred layers). Where it depends on variables, inside gradient functions and on other backends it is called every time.
 * @param compute - gives new tensors; apart from its argument it uses only what never changes
 */
export function repeatable<T extends Tensor, R extends Tensor>(compute: (x: T) => readonly R[]): Repeatable<T, R> {
  const recordings = new Map<string, Recording | null>()
  const call = (x: T): readonly R[] => {
    if (tf.getBackend() !== BACKEND_NAME || tf.engine().state.gradientDepth > 0) return compute(x)
    const backend = openBackend()
    const given = backend.valueOf(x.dataId)
    const key = `${x.dtype} ${x.shape.join()}`
    const known = recordings.get(key)
    if (known !== undefined && known !== null)
      return recordAgain(known, given).map(
        (value) => tf.engine().makeTensorFromTensorInfo({ dataId: backend.hold(value), shape: [...value.shape], dtype: value.dtype }) as R,
      )
    const results = compute(x)
    if (known === undefined)
      recordings.set(
        key,
        recordingOf(
          given,
          results.map(({ dataId }) => backend.valueOf(dataId)),
        ),
      )
    return results
  }
  return Object.assign(call, { forget: () => recordings.clear() })
}
