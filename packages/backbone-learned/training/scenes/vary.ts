import type { RandomStream } from '@im-iad/core'
import { NORMALIZATION } from '../../src/normalization.ts'
import { between, chance } from './draws.ts'

/** How a picture is seen another time. */
export interface Variation {
  /** One of the eight symmetries of a square. */
  readonly symmetry: number
  /** Which channel each channel is taken from. */
  readonly channels: readonly number[]
  readonly gain: number
  readonly offset: number
  readonly gamma: number
}

export function drawVariation(random: RandomStream): Variation {
  return {
    symmetry: random.integer(8),
    channels: random.shuffle([0, 1, 2]),
    gain: between(random, 0.7, 1.3),
    offset: between(random, -25, 25),
    gamma: chance(random, 0.5) ? 1 : between(random, 0.7, 1.4),
  }
}

/** Writes a varied picture, normalised, to a place in a batch `[count, size, size, 3]`. */
export function varyInto(batch: Float32Array, place: number, pixels: Uint8Array, size: number, variation: Variation): void {
  const { symmetry, channels } = variation
  const values = lookUpTable(variation)
  const [mean] = NORMALIZATION.mean
  const [deviation] = NORMALIZATION.std
  let target = place * size * size * 3
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const across = symmetry & 1 ? size - 1 - x : x
      const down = symmetry & 2 ? size - 1 - y : y
      const source = (symmetry & 4 ? across * size + down : down * size + across) * 3
      for (const channel of channels) batch[target++] = (values[pixels[source + channel]] - mean) / deviation
    }
}

function lookUpTable({ gain, offset, gamma }: Variation): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => {
    const varied = gain * (255 * (value / 255) ** gamma - 128) + 128 + offset
    return Math.min(255, Math.max(0, Math.round(varied)))
  })
}
