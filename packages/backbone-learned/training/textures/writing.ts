import { between, chance } from '../scenes/draws.ts'
import { cellNumber } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

const COLUMNS = 5
const ROWS = 7

/** Lines of invented letters: print, engraving, labels. */
export const writing: TextureFamily = {
  id: 'writing',
  motif: 'glyph',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [4, 16], warp: 0.3 }, random)
    const seed = random.integer(2 ** 30)
    const letters = Array.from({ length: 12 }, () => letter(random.integer(2 ** 30), chance(random, 0.6)))
    const [spacing, leading, words] = [between(random, 0, 0.35), between(random, 0.1, 0.5), between(random, 0, 0.3)]
    const paper = fractalField(size, { frequency: between(random, 4, 40), octaves: 2 }, random)
    const stain = between(random, 0, 0.4)
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const [row, column] = [Math.floor(v[index]), Math.floor(u[index] * 1.4)]
        const x = Math.floor(((u[index] * 1.4 - column) / (1 - spacing)) * COLUMNS)
        const y = Math.floor(((v[index] - row) / (1 - leading)) * ROWS)
        const blank = x >= COLUMNS || y >= ROWS || cellNumber(seed, column, row, 0) < words
        const ink = blank ? 0 : letters[Math.floor(cellNumber(seed, column, row, 1) * letters.length)][y * COLUMNS + x]
        return ink + stain * paper[index]
      }),
    )
  },
}

/** A grid of dots, half of them ink; strokes arise from drawing a dot like its neighbour. */
function letter(seed: number, symmetric: boolean): Float32Array {
  const dots = new Float32Array(COLUMNS * ROWS)
  for (let index = 0; index < dots.length; index++) {
    const [x, y] = [index % COLUMNS, Math.floor(index / COLUMNS)]
    if (symmetric && x > COLUMNS >> 1) dots[index] = dots[index - 2 * (x - (COLUMNS >> 1))]
    else {
      const like = cellNumber(seed, x, y, 0)
      dots[index] =
        like < 0.4 && x > 0 ? dots[index - 1] : like < 0.75 && y > 0 ? dots[index - COLUMNS] : Number(cellNumber(seed, x, y, 1) < 0.5)
    }
  }
  return dots
}
