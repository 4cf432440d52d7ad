import { between } from '../scenes/draws.ts'
import { polarOutline, type ObjectFamily } from './object-family.ts'

export const gear: ObjectFamily = {
  id: 'gear',
  motif: 'gear',
  outline(random) {
    const teeth = 7 + random.integer(20)
    const [depth, flank] = [between(random, 0.05, 0.2), between(random, 1.5, 8)]
    const body = polarOutline((angle) => 1 - depth / 2 + (depth / 2) * Math.tanh(flank * Math.sin(teeth * angle)))
    const hub = between(random, 0, 0.4)
    // The keyway makes the bore no circle.
    return (x, y) => Math.min(body(x, y), Math.max(Math.abs(x) - hub * 0.8, Math.abs(y) - hub, hub === 0 ? 1 : -hub))
  },
}
