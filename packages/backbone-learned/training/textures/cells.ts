import { between, choose, chance } from '../scenes/draws.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, stretch } from '../scenes/field.ts'
import { smoothStep } from '../scenes/cell-numbers.ts'
import { nearestPoints } from './cell-search.ts'
import type { TextureFamily } from './texture-family.ts'

const LOOKS = ['cracked', 'domed', 'leather', 'patchwork'] as const

/** Cells around scattered points: dried mud, leather, reptile skin, foam. */
export const cells: TextureFamily = {
  id: 'cells',
  motif: 'voronoi',
  paint(size, random) {
    const { first, second, tone } = nearestPoints(coordinates(size, { frequency: [3, 24] }, random), between(random, 0.4, 1), random)
    const look = choose(random, LOOKS)
    const seam = between(random, 0.05, 0.3)
    const own = chance(random, 0.5) ? between(random, 0.1, 0.6) : 0
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const edge = second[index] - first[index]
        const body =
          look === 'cracked'
            ? smoothStep(0, seam, edge)
            : look === 'domed'
              ? Math.sqrt(Math.max(0, 1 - first[index] ** 2))
              : look === 'leather'
                ? edge
                : tone[index]
        return body + own * tone[index]
      }),
    )
  },
}
