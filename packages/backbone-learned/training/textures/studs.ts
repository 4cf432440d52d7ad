import { between, chance } from '../scenes/draws.ts'
import { cellNumber, smoothStep } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, relief, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Bumps or holes in rows: perforated plates, studs, halftone dots. */
export const studs: TextureFamily = {
  id: 'studs',
  motif: 'perforation',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [4, 26], warp: 0.3 }, random)
    const seed = random.integer(2 ** 30)
    const offset = chance(random, 0.5) ? 0.5 : 0
    const [radius, softness, variation] = [between(random, 0.15, 0.42), between(random, 0.05, 0.3), between(random, 0, 0.5)]
    const height = fieldOf(size, (_x, _y, index) => {
      const row = Math.floor(v[index])
      const along = u[index] + offset * (row & 1)
      const column = Math.floor(along)
      const distance = Math.hypot(along - column - 0.5, v[index] - row - 0.5)
      const own = radius * (1 - variation * cellNumber(seed, column, row, 0))
      return 1 - smoothStep(own - softness / 2, own + softness / 2, distance)
    })
    return chance(random, 0.5) ? relief(height, size, random) : stretch(height)
  },
}
