import { between } from '../scenes/draws.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, stretch } from '../scenes/field.ts'
import { nearestPoints } from './cell-search.ts'
import type { TextureFamily } from './texture-family.ts'

/** Flat faces that each take the light at their own angle: crystals, crumpled foil, hammered surfaces. */
export const facets: TextureFamily = {
  id: 'facets',
  motif: 'crystal',
  paint(size, random) {
    const { tone, across, down } = nearestPoints(coordinates(size, { frequency: [3, 18] }, random), 1, random)
    const slope = between(random, 0.2, 1)
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const angle = 2 * Math.PI * tone[index]
        return tone[index] + slope * (Math.cos(angle) * across[index] + Math.sin(angle) * down[index])
      }),
    )
  },
}
