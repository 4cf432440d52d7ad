import { between } from '../scenes/draws.ts'
import { polarOutline, type ObjectFamily } from './object-family.ts'

/** Round blades around a hub: flowers, fans, knobs. */
export const propeller: ObjectFamily = {
  id: 'propeller',
  motif: 'propeller',
  outline(random) {
    const blades = 2 + random.integer(6)
    const [hub, sweep] = [between(random, 0.15, 0.6), between(random, 0, 1)]
    return polarOutline((angle) => {
      const wave = Math.cos(blades * angle + sweep * Math.sin(blades * angle))
      return hub + (1 - hub) * (0.5 + 0.5 * wave)
    })
  },
}
