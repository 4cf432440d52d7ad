import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { openBackend } from '../engine-access.ts'
import { BACKEND_NAME } from '../recording/recorder.ts'

/**
 * A filter `[height, width, input, output]` from elements in PyTorch's and ONNX's order, `[output, input, height, width]`. This engine takes them as they are, without a copy; others permute them.
 * @param elements - must not be changed afterwards
 * @throws RangeError when the shape has not four axes
 */
export function filterTensor(elements: Float32Array, shape: readonly number[]): Tensor4D {
  const [output, input, height, width] = shape
  if (output === undefined || input === undefined || height === undefined || width === undefined || shape.length !== 4)
    throw new RangeError(`a filter has four axes, not [${shape.join(', ')}]`)
  if (tf.getBackend() !== BACKEND_NAME)
    return tf.tidy(() => tf.transpose(tf.tensor4d(elements, [output, input, height, width]), [2, 3, 1, 0]))
  const logical: [number, number, number, number] = [height, width, input, output]
  return tf
    .engine()
    .makeTensorFromTensorInfo({ dataId: openBackend().writeFilter(elements, logical), shape: logical, dtype: 'float32' }) as Tensor4D
}
