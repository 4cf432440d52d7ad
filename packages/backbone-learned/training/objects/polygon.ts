import { polarOutline, type ObjectFamily } from './object-family.ts'

/** Regular, with five corners or more: nuts, plates. */
export const polygon: ObjectFamily = {
  id: 'polygon',
  motif: 'polygon',
  outline(random) {
    const sector = (2 * Math.PI) / (5 + random.integer(5))
    const height = Math.cos(sector / 2)
    return polarOutline((angle) => height / Math.cos(angle - sector * Math.round(angle / sector)))
  },
}
