import type { RandomStream } from '@im-iad/core'

/** How far inside an object a point lies, outside negative; what lies beyond the square from -1 to 1 is not painted. */
export type Depth = (x: number, y: number) => number

/** A kind of object, by its outline. */
export interface ObjectFamily {
  readonly id: string
  /** What it is, in one word: no category of the synthetic dataset shares it. */
  readonly motif: string
  /** Draws one of them. */
  outline(random: RandomStream): Depth
}

/** Outlines that a ray from the middle crosses once: the radius by angle. */
export function polarOutline(radius: (angle: number) => number): Depth {
  return (x, y) => radius(Math.atan2(y, x)) - Math.hypot(x, y)
}
