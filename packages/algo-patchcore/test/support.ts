import type { FeatureExtractor } from '@im-iad/core'
import { blockBackbone, contextFor } from '@im-iad/testkit'
import patchcore from '../src/index.ts'
import { createPatchCore, type PatchCoreModel, type PatchCoreParameters } from '../src/model.ts'

/** An unfitted model for pictures of 32x32: 64 patches each, all of them kept. */
export async function createModel(
  change: Partial<PatchCoreParameters> = {},
  backbone: FeatureExtractor = blockBackbone([4, 8], 5),
  seed: number = 0,
): Promise<PatchCoreModel> {
  const result = patchcore.parameters['~standard'].validate({ size: 32, levels: [4, 8], coresetRatio: 1, batchSize: 2, ...change })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return createPatchCore(result.value, await contextFor(backbone, seed))
}
