import { focalLoss, structuralSimilarity, type LossValue, type TensorEngine } from '@im-iad/nn'
import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import type { DraemNetworks } from './networks.ts'

/** Both networks in training mode. */
export function segmentDamage(
  tf: TensorEngine,
  { restorer, segmenter }: DraemNetworks,
  damaged: Tensor4D,
): { readonly restored: Tensor4D; readonly logits: Tensor4D } {
  const restored = restorer.forward(damaged, 'training')
  return { restored, logits: segmenter.forward(tf.concat4d([restored, damaged], 3), 'training') }
}

export interface DraemBatch {
  readonly clean: Tensor4D
  readonly damaged: Tensor4D
  readonly mask: Tensor4D
}

/** Mean squared error and structural dissimilarity of the restored pictures, and the focal loss of the segmentation, all with weight 1 (Zavrtanik et al., equations 2 and 3). */
export function draemLoss(tf: TensorEngine, networks: DraemNetworks, { clean, damaged, mask }: DraemBatch): LossValue {
  const { restored, logits } = segmentDamage(tf, networks, damaged)
  const parts = {
    squared: tf.mean<Scalar>(tf.square(tf.sub(restored, clean))),
    dissimilarity: tf.sub<Scalar>(1, structuralSimilarity(tf, restored, clean)),
    focal: focalLoss(tf, logits, mask),
  }
  return { total: tf.addN([parts.squared, parts.dissimilarity, parts.focal]), parts }
}
