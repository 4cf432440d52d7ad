import { convolutionKernels } from './convolution.ts'
import { creationKernels } from './creation.ts'
import { binaryKernels } from './elementwise-binary.ts'
import { unaryKernels } from './elementwise-unary.ts'
import { indexingKernels } from './indexing.ts'
import type { KernelDefinition } from './kernel-definition.ts'
import { normalizationKernels } from './normalization.ts'
import { optimizationKernels } from './optimization.ts'
import { poolingKernels } from './pooling.ts'
import { productKernels } from './products.ts'
import { reductionKernels } from './reductions.ts'
import { resizingKernels } from './resizing.ts'
import { structureKernels } from './structure.ts'

/** Every kernel that is compiled. */
export const ALL_KERNELS: readonly KernelDefinition[] = [
  ...binaryKernels,
  ...convolutionKernels,
  ...creationKernels,
  ...indexingKernels,
  ...normalizationKernels,
  ...optimizationKernels,
  ...poolingKernels,
  ...productKernels,
  ...reductionKernels,
  ...resizingKernels,
  ...structureKernels,
  ...unaryKernels,
]
