import { ImIadError } from '@im-iad/errors'
import type { Matrix, MultiplyByTranspose } from './matrix.ts'
import { distanceErrorPerNorms, rowsOf, squaredDistance, squaredNorms } from './squared-distance.ts'

/** A matrix whose rows are searched, with what every search needs of it. */
export interface PreparedBank {
  readonly matrix: Matrix
  readonly norms: Float64Array
  /** The largest Euclidean norm of a row. */
  readonly longest: number
}

export interface NearestRequest {
  readonly queries: Matrix
  readonly bank: PreparedBank
  /** Neighbours per query; at most the bank's rows. */
  readonly count: number
  readonly multiplyByTranspose: MultiplyByTranspose
}

export interface Nearest {
  /** `[queries, count]`, nearest first; of equally near ones the lowest first. */
  readonly indices: Int32Array
  /** Squared Euclidean distances, `[queries, count]`, accumulated in float64. */
  readonly squaredDistances: Float32Array
}

/** Floats of one product: 64 MB. */
const BLOCK_VALUES = 1 << 24

export function prepareBank(matrix: Matrix): PreparedBank {
  const norms = squaredNorms(matrix)
  return { matrix, norms, longest: Math.sqrt(norms.reduce((most, norm) => Math.max(most, norm), 0)) }
}

/**
 * The nearest rows of the bank for every query, exactly: one matrix product gives estimates, and what can be among the nearest by a rigorous bound is computed
 * again in float64. So the result for a query does not depend on which others are asked for with it.
 * @throws ImIadError IM_IAD_E_SEARCH when the bank has fewer rows than neighbours are wanted, or other columns than the queries
 */
export async function nearestNeighbors({ queries, bank, count, multiplyByTranspose }: NearestRequest): Promise<Nearest> {
  if (count < 1 || count > bank.matrix.rows || queries.columns !== bank.matrix.columns) throw impossibleSearch(queries, bank, count)
  const nearest = { indices: new Int32Array(queries.rows * count), squaredDistances: new Float32Array(queries.rows * count) }
  const block = Math.max(1, Math.floor(BLOCK_VALUES / bank.matrix.rows))
  for (let start = 0; start < queries.rows; start += block) {
    const part = rowsOf(queries, start, Math.min(block, queries.rows - start))
    const { data } = await multiplyByTranspose(part, bank.matrix)
    searchBlock(part, data, bank, count, start, nearest)
  }
  return nearest
}

function searchBlock(queries: Matrix, products: Float32Array, bank: PreparedBank, count: number, start: number, nearest: Nearest): void {
  const { columns, data } = queries
  const { matrix, norms, longest } = bank
  const errorPerNorms = distanceErrorPerNorms(columns)
  const least = new Float64Array(count)
  const norm = squaredNorms(queries)
  for (let row = 0; row < queries.rows; row++) {
    const from = row * matrix.rows
    smallestEstimates(products, from, norms, least)
    // An estimate is off by at most half of this, and so is that of the last neighbour.
    const limit = least[count - 1] + 2 * errorPerNorms * Math.sqrt(norm[row]) * longest
    const found: { index: number; distance: number }[] = []
    for (let index = 0; index < norms.length; index++)
      if (norms[index] - 2 * products[from + index] <= limit)
        found.push({ index, distance: squaredDistance(data, row * columns, matrix.data, index * columns, columns) })
    found.sort((a, b) => a.distance - b.distance || a.index - b.index)
    for (let place = 0; place < count; place++) {
      const { index, distance } = found[place]
      nearest.indices[(start + row) * count + place] = index
      nearest.squaredDistances[(start + row) * count + place] = distance
    }
  }
}

/** The `least.length` smallest of `norm - 2 product`, rising: squared distances less the query's own norm. */
function smallestEstimates(products: Float32Array, from: number, norms: Float64Array, least: Float64Array): void {
  const last = least.length - 1
  least.fill(Infinity)
  for (let index = 0; index < norms.length; index++) {
    const estimate = norms[index] - 2 * products[from + index]
    if (estimate >= least[last]) continue
    let place = last
    for (; place > 0 && least[place - 1] > estimate; place--) least[place] = least[place - 1]
    least[place] = estimate
  }
}

function impossibleSearch(queries: Matrix, { matrix }: PreparedBank, count: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_SEARCH',
    what: `cannot find ${count} neighbours`,
    problem: `the bank has ${matrix.rows} rows of ${matrix.columns} columns, the queries have ${queries.columns} columns`,
    fix: 'ask for at most as many neighbours as the bank has rows, with queries of the same features',
  })
}
