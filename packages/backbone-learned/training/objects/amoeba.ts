import { between } from '../scenes/draws.ts'
import { polarOutline, type ObjectFamily } from './object-family.ts'

/** A closed curve of a few waves around a circle: drops, stones, leaves, splashes. */
export const amoeba: ObjectFamily = {
  id: 'amoeba',
  motif: 'amoeba',
  outline(random) {
    const waves = Array.from({ length: 5 }, (_, index) => ({
      strength: between(random, 0, 0.3) / (index + 1),
      phase: between(random, 0, 2 * Math.PI),
    }))
    const mean = between(random, 0.45, 0.7)
    return polarOutline((angle) =>
      waves.reduce((sum, { strength, phase }, index) => sum + strength * Math.sin((index + 1) * angle + phase), mean),
    )
  },
}
