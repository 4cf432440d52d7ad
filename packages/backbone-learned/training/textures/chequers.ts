import { between, choose } from '../scenes/draws.ts'
import { cellNumber } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

const TILINGS = ['chequered', 'mosaic', 'triangular'] as const

/** Flat tiles without joints: chequerboards, mosaics, pixels, triangles. */
export const chequers: TextureFamily = {
  id: 'chequers',
  motif: 'mosaic',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [3, 24] }, random)
    const seed = random.integer(2 ** 30)
    const tiling = choose(random, TILINGS)
    const rough = fractalField(size, { frequency: between(random, 6, 60), octaves: 2 }, random)
    const roughness = between(random, 0, 0.5)
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const [column, row] = [Math.floor(u[index]), Math.floor(v[index])]
        const half = tiling === 'triangular' && u[index] - column > v[index] - row ? 1 : 0
        const tone = tiling === 'chequered' ? (column + row) & 1 : cellNumber(seed, column, row, half)
        return tone + roughness * rough[index]
      }),
    )
  },
}
