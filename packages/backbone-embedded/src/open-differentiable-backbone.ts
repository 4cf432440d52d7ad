import type { BackboneContext, TrainableBackbone, TrainableRequest } from '@im-iad/core'
import { openTensorEngine } from '@im-iad/nn'
import { wantedLevels } from '@im-iad/onnx'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { computeLevels } from './feature-tensors.ts'
import { LEVELS } from './levels.ts'

/** The formula in the tensor engine, so that gradients with respect to pictures go through it; `null` for any other start, since there is nothing to train. */
export async function openDifferentiableBackbone(
  { threads }: Pick<BackboneContext, 'threads'>,
  { start, strides }: TrainableRequest,
): Promise<TrainableBackbone | null> {
  if (start !== 'frozen') return null
  const coarsest = Math.max(...wantedLevels({ id: 'embedded', levels: LEVELS }, strides).map(({ stride }) => stride))
  const levels = LEVELS.filter(({ stride }) => stride <= coarsest)
  const tf = await openTensorEngine({ threads })
  const backbone: TrainableBackbone<Tensor4D> = {
    levels,
    normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
    variables: new Map(),
    statistics: new Map(),
    forward: (images) => computeLevels(tf, images, levels),
    read: () => Promise.resolve({}),
    write: () => undefined,
    dispose: () => undefined,
  }
  // The engine's tensors go through core unseen: it knows no engine.
  return backbone as TrainableBackbone
}
