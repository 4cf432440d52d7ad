import type { FeatureLevel } from '@im-iad/core'

/** Octaves of the pyramid; octave `j` has one position per `2^j` input pixels. */
export const OCTAVES = 5

/** Orientations per octave, spaced by π / 8. */
export const ORIENTATIONS = 8

/** Red-green and yellow-blue. */
export const COLOUR_CHANNELS = 2

/** Each level holds the octaves that are not coarser than itself, finest first, then the two colour channels. */
export const LEVELS: readonly FeatureLevel[] = [4, 8, 16].map((stride) => ({
  name: `stride${stride}`,
  channels: ORIENTATIONS * (Math.log2(stride) + 1) + COLOUR_CHANNELS,
  stride,
}))
