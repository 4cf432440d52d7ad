import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { PixelNormalization } from '../training/pixel-batch.ts'

/** `(p - mean) / std` per channel, of `[count, height, width, 3]` in 0…255. */
export function normalizePixels(tf: TensorEngine, images: Tensor4D, normalization: PixelNormalization): Tensor4D {
  const { scales, shifts } = linearForm(normalization)
  return tf.add(tf.mul(images, tf.tensor1d(scales)), tf.tensor1d(shifts))
}

/** `(p - mean) / std` as `p * scale + shift`. */
export function linearForm({ mean, std }: PixelNormalization): { readonly scales: Float32Array; readonly shifts: Float32Array } {
  return {
    scales: Float32Array.from(std, (deviation) => 1 / deviation),
    shifts: Float32Array.from(mean, (value, channel) => -value / std[channel]),
  }
}
