import type { ScaleFeatures } from './extract-scales.ts'

/** Mean and deviation of each channel over all positions of many pictures, in float64. */
export interface FeatureStatistics {
  add(scales: readonly ScaleFeatures[]): void
  result(): { readonly mean: Float32Array; readonly deviation: Float32Array }
}

/** A channel's deviation is at least this share of the root mean square of all features: one that never changes must not be blown up. */
const SMALLEST_SHARE = 1e-3

export function createFeatureStatistics(channels: number): FeatureStatistics {
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)]
  let positions = 0
  return {
    add(scales) {
      for (const { data } of scales) {
        for (let start = 0; start < data.length; start += channels)
          for (let channel = 0; channel < channels; channel++) {
            const value = data[start + channel]
            sums[channel] += value
            squares[channel] += value * value
          }
        positions += data.length / channels
      }
    },
    result() {
      const meanSquare = squares.reduce((sum, square) => sum + square, 0) / (channels * positions)
      const smallest = SMALLEST_SHARE * Math.sqrt(meanSquare) || 1
      const mean = sums.map((sum) => sum / positions)
      const deviation = squares.map((square, channel) =>
        Math.max(Math.sqrt(Math.max(square / positions - mean[channel] ** 2, 0)), smallest),
      )
      return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) }
    },
  }
}
