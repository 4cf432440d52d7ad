import type { FitRequest, RandomSource } from '@im-iad/core'
import { constant, limitEpochs, measureStatistics, stepwise, trainTask, type Optimizer, type Schedule, type TensorEngine } from '@im-iad/nn'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { createBatchLoader } from './batch-loader.ts'
import { draemLoss, segmentDamage } from './loss.ts'
import { networkStatistics, type DraemNetworks } from './networks.ts'
import type { DraemParameters } from './parameters.ts'
import { startSynthesisThread } from './synthesis/synthesis-thread.ts'
import type { TextureFolder } from './synthesis/texture-folder.ts'

export interface DraemTraining {
  readonly tf: TensorEngine
  readonly parameters: DraemParameters
  readonly random: RandomSource
  readonly networks: DraemNetworks
  readonly optimizer: Optimizer
  /** `null`: textures are made by formula. */
  readonly textures: TextureFolder | null
}

const SECONDS_BETWEEN_CHECKPOINTS = 60

/** Trains both networks together on one task. An epoch is as many draws, with replacement, as there are pictures. */
export async function trainDraem(request: FitRequest, training: DraemTraining): Promise<void> {
  const { task, samples, signal } = request
  const { tf, parameters, random, networks, optimizer, textures } = training
  const order = { sampleCount: samples.length, batchSize: parameters.batchSize, lastBatch: 'keep' } as const
  const epochs = limitEpochs(parameters.epochs, parameters.stepLimit, order)
  const statistics = networkStatistics(networks)
  const thread = startSynthesisThread()
  const load = createBatchLoader({ samples, textures, random, task, thread, textureColor: parameters.textureColor })
  try {
    const { steps } = await trainTask(request, {
      ...order,
      tf,
      optimizer,
      statistics,
      schedule: scheduleOf(parameters.schedule, epochs),
      epochs,
      shuffle: null,
      load,
      loss: (batch) => draemLoss(tf, networks, tensorsOf(batch)),
      settings: { ...parameters, textures: textures?.fingerprint ?? 'by formula' },
      seed: random.seed,
      secondsBetweenCheckpoints: SECONDS_BETWEEN_CHECKPOINTS,
    })
    if (steps === 0) return
    const indices = Array.from({ length: Math.min(parameters.batchSize, samples.length) }, (_, index) => index)
    await measureStatistics({
      tf,
      statistics,
      batches: parameters.statisticsBatches,
      // Further batches of the same kind: the step decides on what is drawn.
      load: (batch) => load({ epoch: epochs, step: steps + batch, indices }),
      forward: (batch) => segmentDamage(tf, networks, tensorsOf(batch).damaged),
      signal,
    })
  } finally {
    await thread.close()
  }
}

function tensorsOf(batch: Readonly<Record<string, unknown>>): { clean: Tensor4D; damaged: Tensor4D; mask: Tensor4D } {
  return { clean: batch['clean'] as Tensor4D, damaged: batch['damaged'] as Tensor4D, mask: batch['mask'] as Tensor4D }
}

/** The epochs after which the rate falls, as shares of all of them: 560 and 630 of 700 in the code, 400 and 600 in the paper. */
function scheduleOf(schedule: DraemParameters['schedule'], epochs: number): Schedule {
  const at = (...shares: readonly number[]): readonly number[] => shares.map((share) => Math.round(share * epochs))
  switch (schedule) {
    case 'code':
      return stepwise(at(0.8, 0.9), 0.2)
    case 'paper':
      return stepwise(at(4 / 7, 6 / 7), 0.1)
    case 'constant':
      return constant
  }
}
