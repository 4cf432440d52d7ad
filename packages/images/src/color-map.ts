import { rgb } from 'd3-color'
import { interpolateInferno, interpolateTurbo, interpolateViridis } from 'd3-scale-chromatic'

/** Perceptual colour maps: viridis and inferno of matplotlib (van der Walt and Smith), turbo of Google (Mikhailov). */
export type ColorMap = 'inferno' | 'turbo' | 'viridis'

const INTERPOLATORS: Readonly<Record<ColorMap, (position: number) => string>> = {
  inferno: interpolateInferno,
  turbo: interpolateTurbo,
  viridis: interpolateViridis,
}

const tables = new Map<ColorMap, Uint8Array>()

/** 256 colours, uint8 `[256, 3]`. */
export function colorTable(name: ColorMap): Uint8Array {
  const known = tables.get(name)
  if (known !== undefined) return known
  const table = new Uint8Array(256 * 3)
  for (let level = 0; level < 256; level++) {
    const { r, g, b } = rgb(INTERPOLATORS[name](level / 255))
    table.set([r, g, b], level * 3)
  }
  tables.set(name, table)
  return table
}
