import { between, scaleBetween } from '../scenes/draws.ts'
import { fieldOf, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Waves from several sources, one over another. */
export const ripples: TextureFamily = {
  id: 'ripples',
  motif: 'interference',
  paint(size, random) {
    const sources = Array.from({ length: 2 + random.integer(3) }, () => ({
      x: size * between(random, -0.8, 1.8),
      y: size * between(random, -0.8, 1.8),
      wave: (2 * Math.PI * scaleBetween(random, 4, 36)) / size,
      strength: between(random, 0.3, 1),
    }))
    return stretch(
      fieldOf(size, (x, y) => {
        let sum = 0
        for (const source of sources) sum += source.strength * Math.sin(Math.hypot(x - source.x, y - source.y) * source.wave)
        return sum
      }),
    )
  },
}
