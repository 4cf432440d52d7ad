import { ImIadError, type FeatureExtractor, type FeatureMap, type RandomStream } from '@im-iad/core'
import { finestLevel } from '@im-iad/nn'
import type { PadimParameters } from './parameters.ts'

/** The kept channels at every position of the finest grid. */
export interface PositionFeatures {
  readonly height: number
  readonly width: number
  readonly dimension: number
  /** float32 `[count, height, width, dimension]`. */
  readonly data: Float32Array
}

/**
 * The channels that are kept, of all levels one after another, in the order in which they were drawn; all of them where there are no more than asked for.
 * @throws ImIadError IM_IAD_E_LEVEL when the backbone lacks a level
 */
export function drawChannels(
  { levels }: FeatureExtractor,
  { levels: strides, channels }: PadimParameters,
  random: RandomStream,
): readonly number[] {
  const total = strides.reduce((sum, stride) => {
    const level = levels.find((candidate) => candidate.stride === stride)
    if (level === undefined)
      throw new ImIadError({
        code: 'IM_IAD_E_LEVEL',
        what: `the backbone has no level of stride ${stride}`,
        problem: `its levels have the strides ${levels.map((known) => known.stride).join(', ')}`,
        fix: 'set padim.levels to some of them',
      })
    return sum + level.channels
  }, 0)
  return random.sample(total, Math.min(channels, total))
}

/** Coarser levels are repeated in blocks to the finest grid (nearest), then the kept channels are taken: nothing else is ever copied. */
export function embedPositions(levels: readonly FeatureMap[], count: number, channels: readonly number[]): PositionFeatures {
  const { height, width } = finestLevel(levels)
  const dimension = channels.length
  const data = new Float32Array(count * height * width * dimension)
  let firstChannel = 0
  for (const level of levels) {
    const end = firstChannel + level.level.channels
    const kept = channels.flatMap((channel, place) =>
      channel >= firstChannel && channel < end ? [{ channel: channel - firstChannel, place }] : [],
    )
    const from = Int32Array.from(kept, ({ channel }) => channel)
    const to = Int32Array.from(kept, ({ place }) => place)
    copyLevel(level, count, height, width, from, to, data, dimension)
    firstChannel = end
  }
  return { height, width, dimension, data }
}

function copyLevel(
  level: FeatureMap,
  count: number,
  height: number,
  width: number,
  from: Int32Array,
  to: Int32Array,
  data: Float32Array,
  dimension: number,
): void {
  const { channels } = level.level
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++) {
      const sourceRow = image * level.height + Math.floor((y * level.height) / height)
      for (let x = 0; x < width; x++) {
        const source = (sourceRow * level.width + Math.floor((x * level.width) / width)) * channels
        const target = ((image * height + y) * width + x) * dimension
        for (let index = 0; index < from.length; index++) data[target + to[index]] = level.data[source + from[index]]
      }
    }
}
