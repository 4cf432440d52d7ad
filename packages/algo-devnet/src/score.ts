import type { TensorEngine } from '@im-iad/nn'
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'

/**
 * The score of each picture at one scale: the mean of the largest |responses|, a share of all positions and one at least; with a share of 0 the mean of the responses with their signs.
 * @param responses - `[count, positions]`
 */
export function scoreOf(tf: TensorEngine, responses: Tensor2D, topShare: number): Tensor1D {
  if (topShare === 0) return tf.mean<Tensor1D>(responses, 1)
  const [, positions] = responses.shape
  const strongest = Math.max(Math.floor(topShare * positions), 1)
  return tf.mean<Tensor1D>(tf.topk(tf.abs(responses), strongest).values, 1)
}

/** The mean over scales. */
export function meanOf<Kind extends Tensor>(tf: TensorEngine, values: readonly Kind[]): Kind {
  return tf.div(tf.addN([...values]), values.length)
}

/** Pictures at every scale, `[count, height, width, 3]`: as they are, and every second pixel of them. */
export function scalesOf(tf: TensorEngine, images: Tensor4D, scales: number): readonly Tensor4D[] {
  return Array.from({ length: scales }, (_, scale) =>
    scale === 0 ? images : (tf.stridedSlice(images, [0, 0, 0, 0], images.shape, [1, 2 ** scale, 2 ** scale, 1]) as Tensor4D),
  )
}
