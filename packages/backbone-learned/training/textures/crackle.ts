import { between, chance, scaleBetween } from '../scenes/draws.ts'
import { fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Lines that wander and branch on a cloudy ground: glaze, ice, roots, lightning. */
export const crackle: TextureFamily = {
  id: 'crackle',
  motif: 'branching',
  paint(size, random) {
    const ground = fractalField(size, { frequency: scaleBetween(random, 2, 20), octaves: 3 }, random)
    const depth = between(random, 0.5, 2) * (chance(random, 0.5) ? 1 : -1)
    const wander = between(random, 0.05, 0.5)
    const branching = between(random, 0, 0.04)
    let left = 40 * size
    const walkers = Array.from({ length: 3 + random.integer(20) }, () => ({
      x: size * random.uniform(),
      y: size * random.uniform(),
      angle: between(random, 0, 2 * Math.PI),
    }))
    for (let walker = walkers.pop(); walker !== undefined && left > 0; walker = walkers.pop())
      for (let { x, y, angle } = walker; x >= 0 && x < size && y >= 0 && y < size && left > 0; left--) {
        ground[Math.floor(y) * size + Math.floor(x)] -= depth
        angle += wander * between(random, -1, 1)
        x += Math.cos(angle)
        y += Math.sin(angle)
        if (chance(random, branching)) walkers.push({ x, y, angle: angle + (chance(random, 0.5) ? 0.9 : -0.9) })
      }
    return stretch(ground)
  },
}
