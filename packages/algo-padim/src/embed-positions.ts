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
  const kept = channelsOfLevels(
    levels.map(({ level }) => level),
    channels,
  )
  for (const [index, level] of levels.entries()) copyLevel(level, count, height, width, kept[index], data, dimension)
  return { height, width, dimension, data }
}

/** Kept channels of one level: numbers within the level, and their places among all kept ones. */
export interface KeptChannels {
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Which of the kept channels each level has; channels are numbered through all levels. */
export function channelsOfLevels(levels: readonly { readonly channels: number }[], channels: readonly number[]): readonly KeptChannels[] {
  let first = 0
  return levels.map((level) => {
    const start = first
    first += level.channels
    const kept = channels.flatMap((channel, place) => (channel >= start && channel < first ? [{ channel: channel - start, place }] : []))
    return { from: Int32Array.from(kept, ({ channel }) => channel), to: Int32Array.from(kept, ({ place }) => place) }
  })
}

/** The position of a level of `from` positions that each of `size` positions repeats. */
export function blockIndices(from: number, size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, position) => Math.floor((position * from) / size))
}

function copyLevel(
  level: FeatureMap,
  count: number,
  height: number,
  width: number,
  { from, to }: KeptChannels,
  data: Float32Array,
  dimension: number,
): void {
  const { channels } = level.level
  const rows = blockIndices(level.height, height)
  const columns = blockIndices(level.width, width)
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++) {
      const sourceRow = image * level.height + rows[y]
      for (let x = 0; x < width; x++) {
        const source = (sourceRow * level.width + columns[x]) * channels
        const target = ((image * height + y) * width + x) * dimension
        for (let index = 0; index < from.length; index++) data[target + to[index]] = level.data[source + from[index]]
      }
    }
}
