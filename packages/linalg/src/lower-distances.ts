import type { Matrix, MultiplyByTranspose } from './matrix.ts'
import { distanceErrorPerNorms, gatherRows, rowsOf, squaredDistance } from './squared-distance.ts'

/** Points, and how far each is from the nearest pick so far. */
export interface CenterState {
  readonly points: Matrix
  /** Squared norms of the points. */
  readonly norms: Float64Array
  /** Squared distances; lowered in place, exact. */
  readonly distances: Float64Array
}

/** Floats of one product: 64 MB. */
const BLOCK_VALUES = 1 << 24

/** Lowers every point's distance to the nearest of its own and those to the new picks. */
export async function lowerDistances(state: CenterState, picks: Uint32Array, multiplyByTranspose: MultiplyByTranspose): Promise<void> {
  const { points } = state
  const centers = gatherRows(points, picks)
  const block = Math.max(1, Math.floor(BLOCK_VALUES / picks.length))
  for (let start = 0; start < points.rows; start += block) {
    const rows = rowsOf(points, start, Math.min(block, points.rows - start))
    const { data } = await multiplyByTranspose(rows, centers)
    lowerBlock(state, start, rows.rows, picks, centers, data)
  }
}

/** `products` holds x·center for rows `start`… and all centers. */
function lowerBlock(
  { points, norms, distances }: CenterState,
  start: number,
  count: number,
  picks: Uint32Array,
  centers: Matrix,
  products: Float32Array,
): void {
  const { columns, data } = points
  const width = picks.length
  const errorPerNorms = distanceErrorPerNorms(columns)
  const centerNorms = Float64Array.from(picks, (pick) => norms[pick])
  const longest = Math.sqrt(centerNorms.reduce((most, norm) => Math.max(most, norm), 0))
  for (let row = 0; row < count; row++) {
    const point = start + row
    const from = row * width
    let distance = distances[point]
    // A center can be nearer only where its estimate is below the distance plus what the estimate can be off by.
    let limit = distance - norms[point] + errorPerNorms * Math.sqrt(norms[point]) * longest
    for (let center = 0; center < width; center++) {
      if (centerNorms[center] - 2 * products[from + center] > limit) continue
      const exact = squaredDistance(data, point * columns, centers.data, center * columns, columns)
      if (exact >= distance) continue
      limit += exact - distance
      distance = exact
    }
    distances[point] = distance
  }
}
