import { between, choose } from '../scenes/draws.ts'
import { cellNumber, smoothStep } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Truchet's tiles: arcs or diagonals that join at random. */
export const labyrinth: TextureFamily = {
  id: 'labyrinth',
  motif: 'truchet',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [4, 18], warp: 0.3 }, random)
    const seed = random.integer(2 ** 30)
    const look = choose(random, ['arcs', 'diagonals'] as const)
    const [width, softness] = [between(random, 0.08, 0.3), between(random, 0.03, 0.2)]
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const [column, row] = [Math.floor(u[index]), Math.floor(v[index])]
        const turned = cellNumber(seed, column, row, 0) < 0.5
        const x = turned ? 1 - (u[index] - column) : u[index] - column
        const y = v[index] - row
        const distance =
          look === 'arcs'
            ? Math.min(Math.abs(Math.hypot(x, y) - 0.5), Math.abs(Math.hypot(1 - x, 1 - y) - 0.5))
            : Math.abs(x - y) * Math.SQRT1_2
        return 1 - smoothStep(width / 2, width / 2 + softness, distance)
      }),
    )
  },
}
