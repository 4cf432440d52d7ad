import type { RandomStream } from '@im-iad/core'
import { between, chance, scaleBetween } from './draws.ts'
import { latticeField } from './field.ts'

/** Where every pixel lies in a pattern's own frame, in units of its cells. */
export interface Coordinates {
  readonly u: Float32Array
  readonly v: Float32Array
  /** Cells per side of the picture. */
  readonly frequency: number
}

export interface CoordinateOptions {
  /** Cells per side: any scale between these. */
  readonly frequency: readonly [low: number, high: number]
  /** The largest displacement, in cells; 0.5 when absent. */
  readonly warp?: number
}

/** A frame at a random place, scale and angle, in half of the cases bent. */
export function coordinates(size: number, { frequency: [low, high], warp = 0.5 }: CoordinateOptions, random: RandomStream): Coordinates {
  const frequency = scaleBetween(random, low, high)
  const angle = between(random, 0, 2 * Math.PI)
  const [cos, sin] = [(Math.cos(angle) * frequency) / size, (Math.sin(angle) * frequency) / size]
  const stretchV = chance(random, 0.5) ? 1 : scaleBetween(random, 0.6, 1.6)
  const [shiftU, shiftV] = [between(random, 128, 192), between(random, 128, 192)]
  const bend = chance(random, 0.5) ? between(random, 0, 2 * warp) : 0
  const bending = between(random, 1, 4)
  const [bendU, bendV] = [latticeField(size, bending, bending, random), latticeField(size, bending, bending, random)]
  const u = new Float32Array(size * size)
  const v = new Float32Array(size * size)
  for (let y = 0, index = 0; y < size; y++)
    for (let x = 0; x < size; x++, index++) {
      u[index] = x * cos + y * sin + shiftU + bend * bendU[index]
      v[index] = (y * cos - x * sin) * stretchV + shiftV + bend * bendV[index]
    }
  return { u, v, frequency }
}
