import type { AlgorithmContext, AlgorithmInstance, FeatureExtractor } from '@im-iad/core'
import { blockBackbone, contextFor } from '@im-iad/testkit'
import stpm from '../../src/index.ts'
import type { StpmParameters } from '../../src/parameters.ts'

export interface ModelChange {
  readonly backbone?: FeatureExtractor
  readonly seed?: number
  readonly context?: Partial<AlgorithmContext>
}

/** An unfitted model of small pictures; unless told otherwise its teacher has no trainable form. */
export async function createModel(
  change: Partial<StpmParameters> = {},
  { backbone = blockBackbone([4, 8, 16], 4), seed = 0, context = {} }: ModelChange = {},
): Promise<AlgorithmInstance> {
  const given = { size: 32, studentInit: 'random', studentWidth: 8, batchSize: 2, epochs: 3, learningRate: 0.1, ...change }
  const result = stpm.parameters['~standard'].validate(given)
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return stpm.create(result.value, await contextFor(backbone, seed, context))
}
