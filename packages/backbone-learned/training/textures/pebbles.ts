import { between, scaleBetween } from '../scenes/draws.ts'
import { fieldOf } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** A heap of lit spheres: gravel, granulate, bubbles, berries. */
export const pebbles: TextureFamily = {
  id: 'pebbles',
  motif: 'sphere',
  paint(size, random) {
    const field = fieldOf(size, () => 0.1)
    const middle = size * scaleBetween(random, 0.02, 0.12)
    const count = Math.min(900, Math.ceil((1.5 * size * size) / (middle * middle)))
    const angle = between(random, 0, 2 * Math.PI)
    const light = [0.6 * Math.cos(angle), 0.6 * Math.sin(angle), 0.8] as const
    const [gloss, variation] = [between(random, 0, 0.8), between(random, 0, 0.6)]
    for (let pebble = 0; pebble < count; pebble++) {
      const radius = middle * scaleBetween(random, 0.7, 1.4)
      const [centreX, centreY, tone] = [size * random.uniform(), size * random.uniform(), 0.75 - variation * random.uniform()]
      for (let y = Math.max(0, Math.floor(centreY - radius)); y < Math.min(size, centreY + radius); y++)
        for (let x = Math.max(0, Math.floor(centreX - radius)); x < Math.min(size, centreX + radius); x++) {
          const [across, down] = [(x - centreX) / radius, (y - centreY) / radius]
          const rest = 1 - across * across - down * down
          if (rest <= 0) continue
          const facing = Math.max(0, across * light[0] + down * light[1] + Math.sqrt(rest) * light[2])
          field[y * size + x] = Math.min(1, tone * (0.25 + 0.75 * facing) + gloss * facing ** 20)
        }
    }
    return field
  },
}
