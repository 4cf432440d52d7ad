import { ImIadError } from '@im-iad/errors'
import { lowerDistances } from './lower-distances.ts'
import type { Matrix, MatrixProduct } from './matrix.ts'
import { selectPool, simulatePicks } from './center-pool.ts'
import { squaredDistance, squaredNorms } from './squared-distance.ts'

/** Where a selection starts. */
export type KCenterStart =
  /** The first pick is this point. */
  | { readonly kind: 'point'; readonly index: number }
  /** Every point starts with its mean distance to these points, which are not picks themselves (PatchCore's reference code). */
  | { readonly kind: 'mean-distance'; readonly indices: readonly number[] }

export interface KCenterRequest {
  readonly points: Matrix
  /** How many to pick; at most `points.rows`. */
  readonly count: number
  readonly start: KCenterStart
  readonly product: MatrixProduct
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** The smallest and the largest number of points that are looked at together. */
const POOL_SIZES = { least: 64, most: 4096 } as const

/** As many picks per block as a matrix product is efficient with. */
const PICKS_PER_BLOCK = 128

/**
 * Greedy k-center selection (Gonzalez 1985; the coreset of PatchCore, Roth et al. 2022, algorithm 1): again and again the point that is farthest from all picks;
 * of several the one with the lowest index. Returns the picks in their order.
 *
 * Exact: the picks are those of the plain procedure with squared distances in float64. Two ideas make it fast. The next picks are all among the points that are
 * farthest now, so a pool of these is enough to find them, until one of them is no farther than what was left outside. And a block of picks lowers everybody's
 * distance with one matrix product, of which only each point's least estimate leaves the engine; float32 only decides, with a rigorous bound, which distances have to be computed exactly.
 * Needs 24 bytes per point and 64 MB besides the points.
 * @throws ImIadError IM_IAD_E_CORESET when there are fewer points than picks, or a point holds a value that is not finite
 */
export async function selectKCenters(request: KCenterRequest): Promise<Uint32Array> {
  const { points, count, start, product, onProgress, signal } = request
  if (count < 1 || count > points.rows || !Number.isInteger(count)) throw impossibleCount(count, points.rows)
  const norms = squaredNorms(points)
  const wrong = norms.findIndex((norm) => !Number.isFinite(norm))
  if (wrong >= 0) throw notFinite(wrong)
  const state = { points, norms, distances: startDistances(points, start) }
  const picks = new Uint32Array(count)
  let picked = 0
  if (start.kind === 'point') {
    picks[picked++] = start.index
    await lowerDistances(state, picks.subarray(0, 1), product)
  }
  let poolSize = Math.min(points.rows, 256)
  while (picked < count) {
    signal?.throwIfAborted()
    const pool = selectPool(state.distances, poolSize)
    const next = await simulatePicks(state, pool, Math.min(count - picked, PICKS_PER_BLOCK), product)
    picks.set(next, picked)
    picked += next.length
    if (picked < count) await lowerDistances(state, next, product)
    poolSize = Math.min(points.rows, nextPoolSize(poolSize, next.length))
    onProgress?.(picked / count)
  }
  return picks
}

/** Pools that give few picks grow; pools that are not used up shrink, since every pick goes through all of the pool. */
function nextPoolSize(size: number, picks: number): number {
  if (picks < PICKS_PER_BLOCK / 2) return Math.min(POOL_SIZES.most, size * 2)
  return picks === PICKS_PER_BLOCK ? Math.max(POOL_SIZES.least, Math.ceil(size * 0.75)) : size
}

/** Squared distances before the first pick. */
function startDistances(points: Matrix, start: KCenterStart): Float64Array {
  const { rows, columns, data } = points
  const distances = new Float64Array(rows)
  if (start.kind === 'point') {
    if (!(start.index >= 0 && start.index < rows)) throw new RangeError(`start point ${start.index} of ${rows}`)
    return distances.fill(Infinity)
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (const index of start.indices) sum += Math.sqrt(squaredDistance(data, row * columns, data, index * columns, columns))
    distances[row] = (sum / start.indices.length) ** 2
  }
  return distances
}

function impossibleCount(count: number, rows: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CORESET',
    what: `cannot select ${count} of ${rows} points`,
    problem: 'the number of picks must be a whole number from 1 to the number of points',
    fix: 'choose a coreset ratio above 0 and up to 1',
  })
}

function notFinite(row: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CORESET',
    what: 'cannot select a coreset',
    problem: `point ${row} holds a value that is not finite`,
    fix: 'look at the backbone and its input: its features must be finite',
  })
}
