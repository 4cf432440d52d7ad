import type { AlgorithmContext, ImageBatch, Prediction } from '@im-iad/core'
import type { TensorEngine } from '@im-iad/nn'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { imageScore } from './image-score.ts'
import type { DraemNetworks } from './networks.ts'
import type { DraemParameters } from './parameters.ts'

export interface PredictionParts {
  readonly tf: TensorEngine
  readonly networks: DraemNetworks
  readonly parameters: Pick<DraemParameters, 'scoreRadius'>
  readonly context: Pick<AlgorithmContext, 'measure'>
}

/** The probability of damage of every pixel, and the score from it. */
export async function predictMaps(batch: ImageBatch, { tf, networks, parameters, context }: PredictionParts): Promise<Prediction> {
  const { count, height, width } = batch
  const data = await context.measure('forward', async () => {
    const maps = tf.tidy(() => damageMaps(tf, networks, tf.tensor4d(new Float32Array(batch.pixels), [count, height, width, 3])))
    try {
      // An engine may hand out memory that it writes to later.
      return Float32Array.from(await maps.data())
    } finally {
      maps.dispose()
    }
  })
  const plane = height * width
  const scores = await context.measure('score', () =>
    Promise.resolve(
      Float32Array.from({ length: count }, (_, image) =>
        imageScore({ map: data.subarray(image * plane, (image + 1) * plane), height, width }, parameters.scoreRadius),
      ),
    ),
  )
  return { scores, maps: { height, width, data } }
}

/** @param pixels - 0…255, `[count, height, width, 3]`; returns `[count, height, width, 1]`, 0…1 */
export function damageMaps(tf: TensorEngine, { restorer, segmenter }: DraemNetworks, pixels: Tensor4D): Tensor4D {
  const pictures = tf.div<Tensor4D>(pixels, 255)
  const logits = segmenter.forward(tf.concat4d([restorer.forward(pictures, 'inference'), pictures], 3), 'inference')
  const [sound, damaged] = tf.split<Tensor4D>(logits, 2, 3)
  return tf.sigmoid(tf.sub(damaged, sound))
}
