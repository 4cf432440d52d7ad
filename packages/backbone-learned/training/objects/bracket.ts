import { between } from '../scenes/draws.ts'
import type { Depth, ObjectFamily } from './object-family.ts'

/** Two to four bars joined at right angles: brackets, clips, letters, connectors. */
export const bracket: ObjectFamily = {
  id: 'bracket',
  motif: 'bracket',
  outline(random) {
    const bars = Array.from({ length: 2 + random.integer(3) }, (_, index): Depth => {
      const [along, thickness, place] = [between(random, 0.4, 0.75), between(random, 0.08, 0.25), between(random, -0.5, 0.5)]
      return index % 2 === 0
        ? (x, y) => Math.min(along - Math.abs(x), thickness - Math.abs(y - place))
        : (x, y) => Math.min(along - Math.abs(y), thickness - Math.abs(x - place))
    })
    return (x, y) => bars.reduce((deepest, bar) => Math.max(deepest, bar(x, y)), -2)
  },
}
