import { between } from '../scenes/draws.ts'
import { polarOutline, type ObjectFamily } from './object-family.ts'

export const star: ObjectFamily = {
  id: 'star',
  motif: 'star',
  outline(random) {
    const points = 4 + random.integer(7)
    const waist = between(random, 0.3, 0.8)
    return polarOutline((angle) => {
      const turn = (angle / (2 * Math.PI)) * points
      return 1 - (1 - waist) * 2 * Math.abs(turn - Math.round(turn))
    })
  },
}
