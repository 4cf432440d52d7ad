import type { AlgorithmContext, AlgorithmInstance } from '@im-iad/core'
import embedded from '@im-iad/backbone-embedded'
import { contextFor } from '@im-iad/testkit'
import devnet from '../../src/index.ts'
import type { DevNetParameters } from '../../src/parameters.ts'
import openBlocks, { train as trainBlocks } from './block-networks.mjs'
import { SIZE } from './pictures.ts'
import { parametersOf } from './parameters.ts'

type Change = Partial<DevNetParameters>

/** Parameters under which a few pictures are learned in a second. */
export const QUICK: Change = {
  size: SIZE,
  level: 8,
  hiddenChannels: 8,
  epochs: 6,
  stepsPerEpoch: 10,
  batchSize: 8,
  learningRate: 0.02,
  decayEpochs: 0,
}

/** A model on features of the embedded backbone. */
export async function frozenModel(
  change: Change = {},
  seed: number = 0,
  context: Partial<AlgorithmContext> = {},
): Promise<AlgorithmInstance> {
  const place = { weightsFile: null, threads: 1 }
  const extractor = await embedded.open(place)
  const given = await contextFor(extractor, seed, {
    trainableBackbone: async (_, request) => (await embedded.train?.(place, request)) ?? null,
    ...context,
  })
  return devnet.create(parametersOf({ ...QUICK, trained: 'head', ...change }), given)
}

/** A model whose backbone is trained too: a small one. */
export async function trainedModel(change: Change = {}, seed: number = 0): Promise<AlgorithmInstance> {
  const given = await contextFor(openBlocks(), seed, { trainableBackbone: trainBlocks })
  return devnet.create(parametersOf({ ...QUICK, trained: 'all', rotation: false, ...change }), given)
}
