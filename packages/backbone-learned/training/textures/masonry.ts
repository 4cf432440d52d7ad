import { between, chance, scaleBetween } from '../scenes/draws.ts'
import { cellNumber, smoothStep } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Bricks in courses, with joints. */
export const masonry: TextureFamily = {
  id: 'masonry',
  motif: 'brick',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [3, 20], warp: 0.3 }, random)
    const seed = random.integer(2 ** 30)
    const length = between(random, 1, 3.5)
    const bond = chance(random, 0.7) ? 0.5 : between(random, 0, 1)
    const joint = between(random, 0.05, 0.2)
    const [own, roughness, bevel] = [between(random, 0, 0.5), between(random, 0, 0.4), between(random, -0.3, 0.3)]
    const rough = fractalField(size, { frequency: scaleBetween(random, 10, 60), octaves: 2 }, random)
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const row = Math.floor(v[index])
        const along = u[index] / length + bond * row
        const column = Math.floor(along)
        const [inU, inV] = [(along - column) * length, v[index] - row]
        const edge = Math.min(inU, length - inU, inV, 1 - inV)
        const face = 1 + own * (cellNumber(seed, column, row, 0) - 0.5) + bevel * (inV - 0.5)
        return face * smoothStep(joint / 2, joint, edge) + roughness * rough[index]
      }),
    )
  },
}
