import type { RandomStream } from '@im-iad/core'
import { cellNumber } from '../scenes/cell-numbers.ts'
import type { Coordinates } from '../scenes/coordinates.ts'

/** What every pixel finds among points strewn over the cells of a lattice (Worley, SIGGRAPH 1996). */
export interface NearestPoints {
  /** Distances to the nearest and to the second nearest point, in cells. */
  readonly first: Float32Array
  readonly second: Float32Array
  /** A number in [0, 1) that is the nearest point's own. */
  readonly tone: Float32Array
  /** From the nearest point to the pixel, in cells. */
  readonly across: Float32Array
  readonly down: Float32Array
}

/** @param jitter - how far points lie from the middle of their cell: 0 on a lattice, 1 anywhere in it */
export function nearestPoints({ u, v }: Coordinates, jitter: number, random: RandomStream): NearestPoints {
  const seed = random.integer(2 ** 30)
  const count = u.length
  const found = Array.from({ length: 5 }, () => new Float32Array(count))
  const [first, second, tone, across, down] = found as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
  const points = new Map<number, readonly [number, number, number]>()
  const pointOf = (column: number, row: number): readonly [number, number, number] => {
    const key = column * 65536 + row
    const known = points.get(key)
    if (known !== undefined) return known
    const place = (which: number): number => 0.5 + jitter * (cellNumber(seed, column, row, which) - 0.5)
    const point = [column + place(0), row + place(1), cellNumber(seed, column, row, 2)] as const
    points.set(key, point)
    return point
  }
  let [column, row] = [Number.NaN, Number.NaN]
  let near: (readonly [number, number, number])[] = []
  for (let index = 0; index < count; index++) {
    const [atU, atV] = [u[index], v[index]]
    if (Math.floor(atU) !== column || Math.floor(atV) !== row) {
      column = Math.floor(atU)
      row = Math.floor(atV)
      near = Array.from({ length: 9 }, (_, place) => pointOf(column + (place % 3) - 1, row + Math.floor(place / 3) - 1))
    }
    let [best, next, bestPoint] = [Infinity, Infinity, near[0]]
    for (const point of near) {
      const distance = (point[0] - atU) ** 2 + (point[1] - atV) ** 2
      if (distance < best) [next, best, bestPoint] = [best, distance, point]
      else if (distance < next) next = distance
    }
    first[index] = Math.sqrt(best)
    second[index] = Math.sqrt(next)
    tone[index] = bestPoint[2]
    across[index] = atU - bestPoint[0]
    down[index] = atV - bestPoint[1]
  }
  return { first, second, tone, across, down }
}
