import type { Matrix, MatrixProduct } from './matrix.ts'
import type { CenterState } from './lower-distances.ts'
import { distanceErrorPerNorms, gatherRows, squaredDistance } from './squared-distance.ts'

/** The points that are farthest now, and how far those left outside can be. */
export interface CenterPool {
  /** Rising. */
  readonly indices: Uint32Array
  /** No point outside is farther than this; -1 when none is outside. */
  readonly outside: number
}

/** The `size` farthest points; of equally far ones those with the lowest indices. */
export function selectPool(distances: Float64Array, size: number): CenterPool {
  if (size >= distances.length) return { indices: Uint32Array.from(distances.keys()), outside: -1 }
  const threshold = kthLargest(distances, size)
  const indices = new Uint32Array(size)
  let above = 0
  for (let point = 0; point < distances.length; point++) if (distances[point] > threshold) above++
  let equal = size - above
  let filled = 0
  for (let point = 0; point < distances.length; point++)
    if (distances[point] > threshold || (distances[point] === threshold && equal-- > 0)) indices[filled++] = point
  return { indices, outside: threshold }
}

/** The k-th largest value: a sorted sample narrows the range down, then only values in it are sorted. */
function kthLargest(values: Float64Array, k: number): number {
  const step = Math.max(1, Math.floor(values.length / 4096))
  const sample = values.filter((_, index) => index % step === 0).sort()
  const place = Math.ceil((k / values.length) * sample.length)
  // Well below where the k-th largest is expected; all of the values when that guess was too high.
  const guess = sample[Math.max(0, sample.length - 1 - 2 * place - 16)]
  const candidates = values.filter((value) => value >= guess)
  const enough = candidates.length >= k ? candidates : values.slice()
  enough.sort()
  return enough[enough.length - k]
}

/** Products that are computed together: those of the picks to come are among the farthest members. */
const PRODUCTS_TOGETHER = 64

/**
 * The next picks, as far as the pool alone decides them: a point of the pool is the farthest of all as long as it is farther than everything outside.
 * The first is always decided. At most `most`, at least one.
 */
export async function simulatePicks(state: CenterState, pool: CenterPool, most: number, product: MatrixProduct): Promise<Uint32Array> {
  const members = gatherRows(state.points, pool.indices)
  const { columns, data, rows } = members
  const norms = Float64Array.from(pool.indices, (point) => state.norms[point])
  const lengths = norms.map(Math.sqrt)
  const distances = Float64Array.from(pool.indices, (point) => state.distances[point])
  const productsOf = openProducts(members, distances, product)
  const errorPerNorms = distanceErrorPerNorms(columns)
  const picks = new Uint32Array(most)
  for (let picked = 0; picked < most; picked++) {
    const pick = farthest(distances)
    if (picked > 0 && distances[pick] <= pool.outside) return picks.slice(0, picked)
    picks[picked] = pool.indices[pick]
    const products = await productsOf(pick)
    const error = errorPerNorms * lengths[pick]
    for (let member = 0; member < rows; member++) {
      const estimate = norms[member] + norms[pick] - 2 * products[member]
      if (estimate - error * lengths[member] > distances[member]) continue
      distances[member] = Math.min(distances[member], squaredDistance(data, member * columns, data, pick * columns, columns))
    }
  }
  return picks
}

/** Gives the products of the member that is farthest now with all members. Those of the next farthest are computed with it: they are likely to be asked for. */
function openProducts(members: Matrix, distances: Float64Array, product: MatrixProduct): (farthest: number) => Promise<Float32Array> {
  const known = new Map<number, Float32Array>()
  return async (member) => {
    const own = known.get(member)
    if (own !== undefined) return own
    const others = Uint32Array.from(distances.keys()).filter((other) => !known.has(other))
    const chosen = others.sort((a, b) => distances[b] - distances[a] || a - b).subarray(0, PRODUCTS_TOGETHER)
    const { data } = await product.multiplyByTranspose(gatherRows(members, chosen), members)
    for (const [row, other] of chosen.entries()) known.set(other, data.subarray(row * members.rows, (row + 1) * members.rows))
    return data.subarray(0, members.rows)
  }
}

/** The first of the largest. */
function farthest(distances: Float64Array): number {
  let best = 0
  for (let member = 1; member < distances.length; member++) if (distances[member] > distances[best]) best = member
  return best
}
