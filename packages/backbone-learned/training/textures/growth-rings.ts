import { between, scaleBetween } from '../scenes/draws.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Timber: rings around an axis that lies at a slant, with pores along it. */
export const growthRings: TextureFamily = {
  id: 'growth-rings',
  motif: 'wood',
  paint(size, random) {
    const { u, v, frequency } = coordinates(size, { frequency: [2, 16], warp: 1 }, random)
    const flatness = scaleBetween(random, 0.05, 0.8)
    const [centreU, centreV] = [u[0] + frequency * between(random, -1, 1), v[0] + frequency * between(random, -1, 1)]
    const wobble = fractalField(size, { frequency: between(random, 1, 4), octaves: 3 }, random)
    const pores = fractalField(size, { frequency: between(random, 30, 80), octaves: 1, anisotropy: between(random, 0.05, 0.3) }, random)
    const [bend, grain, lateness] = [between(random, 0, 2), between(random, 0, 0.4), scaleBetween(random, 0.5, 4)]
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const radius = Math.hypot(u[index] - centreU, (v[index] - centreV) * flatness) + bend * wobble[index]
        return (radius - Math.floor(radius)) ** lateness + grain * pores[index]
      }),
    )
  },
}
