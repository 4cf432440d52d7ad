import type { Matrix, MatrixProduct } from './matrix.ts'
import { distanceErrorPerNorms, estimateError, gatherRows, rowsOf, squaredDistance } from './squared-distance.ts'

/** Points, and how far each is from the nearest pick so far. */
export interface CenterState {
  readonly points: Matrix
  /** Squared norms of the points. */
  readonly norms: Float64Array
  /** Squared distances; lowered in place, exact. */
  readonly distances: Float64Array
}

/** Floats of one product: 16 MB, what a processor's caches still help with. */
const BLOCK_VALUES = 1 << 22

/** New picks, and what of them is needed for every point. */
interface Centers {
  readonly rows: Matrix
  /** Squared norms. */
  readonly norms: Float64Array
  /** The largest Euclidean norm. */
  readonly longest: number
}

/**
 * Lowers every point's distance to the nearest of its own and those to the new picks. The least estimate over all picks tells for most points that nothing changes;
 * only for the others is it asked which picks are nearer.
 */
export async function lowerDistances(state: CenterState, picks: Uint32Array, product: MatrixProduct): Promise<void> {
  const { points } = state
  const norms = Float64Array.from(picks, (pick) => state.norms[pick])
  const longest = Math.sqrt(norms.reduce((most, norm) => Math.max(most, norm), 0))
  const centers: Centers = { rows: gatherRows(points, picks), norms, longest }
  const rounded = Float32Array.from(norms)
  const block = Math.max(1, Math.floor(BLOCK_VALUES / picks.length))
  for (let start = 0; start < points.rows; start += block) {
    const part = rowsOf(points, start, Math.min(block, points.rows - start))
    const least = await product.leastEstimates(part, centers.rows, rounded, picks.length)
    const affected = pointsInReach(state, start, least.data, longest)
    if (affected.length === 0) continue
    const { data } = await product.multiplyByTranspose(gatherRows(points, affected), centers.rows)
    lowerBlock(state, affected, centers, data)
  }
}

/** The points from `start` on whose least estimate allows a distance below their own. */
function pointsInReach({ points, norms, distances }: CenterState, start: number, least: Float32Array, longest: number): Uint32Array {
  const affected = new Uint32Array(least.length)
  let count = 0
  for (let row = 0; row < least.length; row++) {
    const point = start + row
    if (least[row] - estimateError(points.columns, norms[point], longest) <= distances[point] - norms[point]) affected[count++] = point
  }
  return affected.subarray(0, count)
}

/** `products` holds x·center for these points and all centers. */
function lowerBlock({ points, norms, distances }: CenterState, numbers: Uint32Array, centers: Centers, products: Float32Array): void {
  const { columns, data } = points
  const width = centers.norms.length
  const errorPerNorms = distanceErrorPerNorms(columns)
  for (let row = 0; row < numbers.length; row++) {
    const point = numbers[row]
    const from = row * width
    let distance = distances[point]
    // A center can be nearer only where its estimate is below the distance plus what the estimate can be off by.
    let limit = distance - norms[point] + errorPerNorms * Math.sqrt(norms[point]) * centers.longest
    for (let center = 0; center < width; center++) {
      if (centers.norms[center] - 2 * products[from + center] > limit) continue
      const exact = squaredDistance(data, point * columns, centers.rows.data, center * columns, columns)
      if (exact >= distance) continue
      limit += exact - distance
      distance = exact
    }
    distances[point] = distance
  }
}
