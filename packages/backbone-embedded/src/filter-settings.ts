/** Rows: luminance, red-green, yellow-blue. */
export const OPPONENT_COLOURS: readonly (readonly [number, number, number])[] = [
  [1 / 3, 1 / 3, 1 / 3],
  [1 / 2, -1 / 2, 0],
  [1 / 4, 1 / 4, -1 / 2],
]

/** Added to the local variance that everything is divided by: a share of its mean over the picture, and the square of a floor of about one grey level. */
export const GAIN_CONTROL = { pictureShare: 0.7, floor: 0.004 } as const

/** Of `gain · e / √(mean of e + offset)`: the offset keeps channels that are empty in the whole picture from being blown up. */
export const COMPRESSION = { gain: 2.2, offset: 0.05 } as const

/** Of the colour channels, which are differences of values in 0…1, beside the energies. */
export const COLOUR_WEIGHT = 64

/** The neighbourhoods of finer octaves are measured on this one, where wide blurs are cheap. */
export const NEIGHBOURHOOD_OCTAVE = 2

/** Standard deviations, in positions: 16 input pixels up to that octave; coarser octaves are measured on themselves, where fewer positions would not hold a wave. */
export const NEIGHBOURHOOD = { fine: 4, coarse: 2.5 } as const
