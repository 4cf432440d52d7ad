import { between } from '../scenes/draws.ts'
import { cellNumber } from '../scenes/cell-numbers.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Noise in a few flat steps: camouflage, maps, agate, peeling paint. */
export const contourBands: TextureFamily = {
  id: 'contour-bands',
  motif: 'camouflage',
  paint(size, random) {
    const field = fractalField(size, { frequency: between(random, 2, 14), octaves: 1 + random.integer(4) }, random)
    const seed = random.integer(2 ** 30)
    const steps = 2 + random.integer(8)
    return stretch(fieldOf(size, (_x, _y, index) => cellNumber(seed, Math.floor(field[index] * steps), 0, 0)))
  },
}
