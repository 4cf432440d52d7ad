import { createRandomSource } from '@im-iad/core'
import type { NamedTensor } from '@im-iad/weights'
import { LEVELS } from '../src/architecture.ts'
import { channelStatistics, type ChannelStatistics } from './channel-statistics.ts'
import { variedBatch } from './scenes/scene-batches.ts'
import { createScenePool } from './scenes/scene-pool.ts'
import type { TrainingSettings } from './settings.ts'

/** Scenes that statistics are taken from. */
const STATISTICS_SCENES = 256

/** Mean and deviation of features over the first scenes of a training, a level after the other. */
export async function sceneStatistics(
  { seed, size, batchSize }: Pick<TrainingSettings, 'seed' | 'size' | 'batchSize'>,
  featuresOf: (pictures: NamedTensor) => Promise<readonly NamedTensor[]>,
): Promise<readonly ChannelStatistics[]> {
  const [random, pool] = [createRandomSource(seed, 'training'), createScenePool(seed, size)]
  const seen: NamedTensor[][] = LEVELS.map(() => [])
  for (let first = 0; first < STATISTICS_SCENES; first += batchSize) {
    const indices = Array.from({ length: batchSize }, (_, place) => first + place)
    const features = await featuresOf(variedBatch(pool, indices, random.stream(`variation/statistics/${first}`)))
    for (const [level, values] of features.entries()) seen[level].push(values)
  }
  return seen.map(channelStatistics)
}
