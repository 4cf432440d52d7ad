import { convolutionEmitters } from './convolution.ts'
import { elementwiseEmitters } from './elementwise.ts'
import type { Emitters } from './emitter.ts'
import { indexingEmitters } from './indexing.ts'
import { normalizationEmitters } from './normalization.ts'
import { poolingEmitters } from './pooling.ts'
import { productEmitters } from './products.ts'
import { reductionEmitters } from './reductions.ts'
import { structureEmitters } from './structure.ts'

/** How each graph node becomes ONNX; leaves and constants are written where they are used. */
export const ALL_EMITTERS: Emitters = {
  ...convolutionEmitters,
  ...elementwiseEmitters,
  ...indexingEmitters,
  ...normalizationEmitters,
  ...poolingEmitters,
  ...productEmitters,
  ...reductionEmitters,
  ...structureEmitters,
}
