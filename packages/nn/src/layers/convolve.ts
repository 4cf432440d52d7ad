import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

export interface Convolution {
  readonly stride: number
  /** Zeros on each of the four sides, as PyTorch pads. */
  readonly padding: number
}

/** A 2-D convolution (a correlation, as everywhere in the field) without bias: `[count, height, width, input]` and `[height, width, input, output]`. */
export function convolve(tf: TensorEngine, values: Tensor4D, filter: Tensor, { stride, padding }: Convolution): Tensor4D {
  return tf.conv2d(values, filter as Tensor4D, stride, padding)
}
