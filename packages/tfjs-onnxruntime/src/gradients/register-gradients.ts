import type { GradConfig } from '@tensorflow/tfjs-core'
import { convolutionGradients } from './convolution.ts'
import { binaryGradients } from './elementwise-binary.ts'
import { unaryGradients } from './elementwise-unary.ts'
import { indexingGradients } from './indexing.ts'
import { normalizationGradients } from './normalization.ts'
import { poolingGradients } from './pooling.ts'
import { productGradientConfigs } from './products.ts'
import { reductionGradients } from './reductions.ts'
import { resizingGradients } from './resizing.ts'
import { structureGradients } from './structure.ts'

const ALL_GRADIENTS: readonly GradConfig[] = [
  ...binaryGradients,
  ...convolutionGradients,
  ...indexingGradients,
  ...normalizationGradients,
  ...poolingGradients,
  ...productGradientConfigs,
  ...reductionGradients,
  ...resizingGradients,
  ...structureGradients,
  ...unaryGradients,
]

/**
 * Registers the gradients of every kernel above. tfjs keeps them per kernel, not per backend, and registers none in Node; they are written in functions of tfjs and hold
 * for its other backends too.
 */
export function registerGradients(tf: typeof import('@tensorflow/tfjs-core')): void {
  for (const config of ALL_GRADIENTS) {
    if (tf.getGradient(config.kernelName) !== undefined) tf.unregisterGradient(config.kernelName)
    tf.registerGradient(config)
  }
}
