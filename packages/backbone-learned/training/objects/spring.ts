import { between } from '../scenes/draws.ts'
import type { ObjectFamily } from './object-family.ts'

/** A wire that winds to and fro: springs, hooks, tubes. */
export const spring: ObjectFamily = {
  id: 'spring',
  motif: 'spring',
  outline(random) {
    const [waves, height, width] = [between(random, 0.3, 6) * Math.PI, between(random, 0.1, 0.6), between(random, 0.04, 0.16)]
    return (x, y) => {
      const away = y - height * Math.sin(waves * x)
      const slope = waves * height * Math.cos(waves * x)
      return Math.min(width - Math.abs(away) / Math.sqrt(1 + slope * slope), 0.95 - Math.abs(x))
    }
  },
}
