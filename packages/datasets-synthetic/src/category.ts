import type { RandomStream } from '@im-iad/core'
import type { Canvas } from './canvas.ts'
import type { Point } from './shapes.ts'

/** What a category's painter has to go by. */
export interface Stage {
  readonly canvas: Canvas
  /** The canvas's centre. */
  readonly center: Point
  /** The right and lower borders, in units. */
  readonly right: number
  readonly bottom: number
}

/** A kind of defect. */
export interface Defect {
  readonly name: string
  /** Whether it breaks the surface, or a rule about which parts are where (MVTec LOCO AD). */
  readonly family: 'structural' | 'logical'
  /** Logical defects: the area of the part concerned, in squared units; found to that extent, the defect counts as found. */
  readonly saturationArea?: number
}

/**
 * A category: paints one part. The same `pose` stream gives the same part; `defect` changes the painting and draws from its own stream only, so that everything
 * outside the defect stays as it would be without it.
 */
export interface Category {
  readonly name: string
  readonly title: string
  readonly defects: readonly Defect[]
  /** Strength of the grain, in grey levels. */
  readonly grain: number
  paint(stage: Stage, pose: RandomStream, defect: string | null, random: RandomStream): void
}

/** A number in [low, high). */
export function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.uniform()
}

/** A seed for noise. */
export function noiseSeed(random: RandomStream): number {
  return random.integer(2 ** 30)
}

/** A point at least `margin` from the borders. */
export function pointOn({ right, bottom }: Stage, random: RandomStream, margin: number): Point {
  return { x: between(random, margin, right - margin), y: between(random, margin, bottom - margin) }
}
