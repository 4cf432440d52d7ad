import type { NamedTensor } from '@im-iad/weights'

/** Mean and standard deviation of every channel. */
export interface ChannelStatistics {
  readonly mean: Float32Array
  readonly deviation: Float32Array
}

/** Over all positions of all batches. @param batches - `[count, height, width, channels]` each */
export function channelStatistics(batches: readonly NamedTensor[]): ChannelStatistics {
  const channels = batches[0]?.shape.at(-1) ?? 0
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)]
  let positions = 0
  for (const { data } of batches) {
    positions += data.length / channels
    for (let index = 0; index < data.length; index++) {
      sums[index % channels] += data[index]
      squares[index % channels] += data[index] ** 2
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / positions)
  return {
    mean,
    deviation: Float32Array.from(squares, (square, channel) => Math.sqrt(Math.max(1e-12, square / positions - mean[channel] ** 2))),
  }
}

/** `(value - mean) / deviation` per channel. */
export function standardize({ shape, data }: NamedTensor, { mean, deviation }: ChannelStatistics): NamedTensor {
  const channels = mean.length
  return { shape, data: Float32Array.from(data, (value, index) => (value - mean[index % channels]) / deviation[index % channels]) }
}
