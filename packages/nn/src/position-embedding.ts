import { finestLevel, type LevelFeatures, type PatchFeatures } from './feature-level.ts'

/**
 * Chosen channels of several levels at every position of the finest grid; coarser levels are repeated in blocks (nearest), and nothing else is ever copied.
 * @param channels - numbers through the channels of all levels one after another; the result's channels are in this order
 */
export function embedPositions(levels: readonly LevelFeatures[], count: number, channels: readonly number[]): PatchFeatures {
  const { height, width } = finestLevel(levels)
  const dimension = channels.length
  const embedded: PatchFeatures = { height, width, dimension, data: new Float32Array(count * height * width * dimension) }
  const chosen = channelsOfLevels(
    levels.map(({ level }) => level.channels),
    channels,
  )
  for (const [index, level] of levels.entries()) copyLevel(level, count, chosen[index], embedded)
  return embedded
}

/** Chosen channels of one level: numbers within the level, and their places among all chosen ones. */
export interface ChosenChannels {
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Which of the chosen channels each level has. @param counts - channels by level */
export function channelsOfLevels(counts: readonly number[], channels: readonly number[]): readonly ChosenChannels[] {
  let first = 0
  return counts.map((count) => {
    const start = first
    first += count
    const chosen = channels.flatMap((channel, place) => (channel >= start && channel < first ? [{ channel: channel - start, place }] : []))
    return { from: Int32Array.from(chosen, ({ channel }) => channel), to: Int32Array.from(chosen, ({ place }) => place) }
  })
}

/** The position of a level of `from` positions that each of `size` positions repeats. */
export function blockIndices(from: number, size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, position) => Math.floor((position * from) / size))
}

function copyLevel(features: LevelFeatures, count: number, { from, to }: ChosenChannels, embedded: PatchFeatures): void {
  const { height, width, dimension, data } = embedded
  const { channels } = features.level
  const rows = blockIndices(features.height, height)
  const columns = blockIndices(features.width, width)
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++) {
      const sourceRow = image * features.height + rows[y]
      for (let x = 0; x < width; x++) {
        const source = (sourceRow * features.width + columns[x]) * channels
        const target = ((image * height + y) * width + x) * dimension
        for (let index = 0; index < from.length; index++) data[target + to[index]] = features.data[source + from[index]]
      }
    }
}
