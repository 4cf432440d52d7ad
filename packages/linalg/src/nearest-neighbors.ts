import { ImIadError } from '@im-iad/errors'
import type { Matrix, MatrixProduct } from './matrix.ts'
import { estimateError, rowsOf, squaredDistance, squaredNorms } from './squared-distance.ts'

/** A matrix whose rows are searched, with what every search needs of it. */
export interface PreparedBank {
  readonly matrix: Matrix
  /** Squared Euclidean norms of the rows. */
  readonly norms: Float32Array
  /** The largest Euclidean norm of a row. */
  readonly longest: number
}

export interface NearestRequest {
  readonly queries: Matrix
  readonly bank: PreparedBank
  /** Neighbours per query; at most the bank's rows. */
  readonly count: number
  readonly product: MatrixProduct
}

export interface Nearest {
  /** `[queries, count]`, nearest first; of equally near ones the lowest first. */
  readonly indices: Int32Array
  /** Squared Euclidean distances, `[queries, count]`, accumulated in float64. */
  readonly squaredDistances: Float32Array
}

/** Floats of one product: 16 MB, what a processor's caches still help with. */
const BLOCK_VALUES = 1 << 22

/** Rows of the bank that share one estimate. */
const GROUP = 8

export function prepareBank(matrix: Matrix): PreparedBank {
  const norms = Float32Array.from(squaredNorms(matrix))
  // Rounding up: a bound must not be too low.
  const longest = Math.sqrt(norms.reduce((most, norm) => Math.max(most, norm), 0)) * (1 + 2 ** -23)
  return { matrix, norms, longest }
}

/**
 * The nearest rows of the bank for every query, exactly: one matrix product gives an estimate for every few rows, and what can be among the nearest by a rigorous bound is computed
 * again in float64. So the result for a query does not depend on which others are asked for with it.
 * @throws ImIadError IM_IAD_E_SEARCH when the bank has fewer rows than neighbours are wanted, or other columns than the queries
 */
export async function nearestNeighbors({ queries, bank, count, product }: NearestRequest): Promise<Nearest> {
  if (count < 1 || count > bank.matrix.rows || queries.columns !== bank.matrix.columns) throw impossibleSearch(queries, bank, count)
  const nearest = { indices: new Int32Array(queries.rows * count), squaredDistances: new Float32Array(queries.rows * count) }
  const block = Math.max(1, Math.floor(BLOCK_VALUES / bank.matrix.rows))
  for (let start = 0; start < queries.rows; start += block) {
    const part = rowsOf(queries, start, Math.min(block, queries.rows - start))
    searchBlock(part, await estimateGroups(part, bank, product), bank, count, start, nearest)
  }
  return nearest
}

/** The least estimate of every {@link GROUP} rows, the last ones fewer: `[queries, groups]`. */
async function estimateGroups(queries: Matrix, { matrix, norms }: PreparedBank, product: MatrixProduct): Promise<Matrix> {
  const rest = matrix.rows % GROUP
  const whole = matrix.rows - rest
  const estimate = (start: number, rows: number, group: number): Promise<Matrix> =>
    product.leastEstimates(queries, rowsOf(matrix, start, rows), norms.subarray(start, start + rows), group)
  if (rest === 0) return estimate(0, whole, GROUP)
  const last = await estimate(whole, rest, rest)
  return whole === 0 ? last : appendColumn(await estimate(0, whole, GROUP), last.data)
}

function appendColumn({ rows, columns, data }: Matrix, last: Float32Array): Matrix {
  const joined = new Float32Array(rows * (columns + 1))
  for (let row = 0; row < rows; row++) {
    joined.set(data.subarray(row * columns, (row + 1) * columns), row * (columns + 1))
    joined[row * (columns + 1) + columns] = last[row]
  }
  return { rows, columns: columns + 1, data: joined }
}

function searchBlock(queries: Matrix, groups: Matrix, bank: PreparedBank, count: number, start: number, nearest: Nearest): void {
  const { columns } = queries
  const { rows } = bank.matrix
  const norm = squaredNorms(queries)
  const least = new Float64Array(count)
  const found = { distances: new Float64Array(count), indices: new Int32Array(count) }
  for (let row = 0; row < queries.rows; row++) {
    const estimates = groups.data.subarray(row * groups.columns, (row + 1) * groups.columns)
    smallest(estimates, least)
    // So many groups have a row that is no farther than this plus what an estimate is off by; so is the estimate of a row that is nearer than it.
    const limit = least[count - 1] + 2 * estimateError(columns, norm[row], bank.longest)
    found.distances.fill(Infinity)
    for (let group = 0; group < groups.columns; group++)
      if (estimates[group] <= limit) searchGroup(queries, row, bank.matrix, group * GROUP, Math.min(rows, (group + 1) * GROUP), found)
    nearest.indices.set(found.indices, (start + row) * count)
    nearest.squaredDistances.set(found.distances, (start + row) * count)
  }
}

/** The smallest values, rising; infinite where there are fewer. */
function smallest(values: Float32Array, least: Float64Array): void {
  const last = least.length - 1
  least.fill(Infinity)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (value >= least[last]) continue
    let place = last
    for (; place > 0 && least[place - 1] > value; place--) least[place] = least[place - 1]
    least[place] = value
  }
}

/** Puts the bank's rows from `first` up to `end` where they belong among the nearest found so far. Rows come rising, so of equally near ones the lowest stays first. */
function searchGroup(
  queries: Matrix,
  query: number,
  { columns, data }: Matrix,
  first: number,
  end: number,
  { distances, indices }: { readonly distances: Float64Array; readonly indices: Int32Array },
): void {
  const last = distances.length - 1
  for (let index = first; index < end; index++) {
    const distance = squaredDistance(queries.data, query * columns, data, index * columns, columns)
    if (distance >= distances[last]) continue
    let place = last
    for (; place > 0 && distances[place - 1] > distance; place--) {
      distances[place] = distances[place - 1]
      indices[place] = indices[place - 1]
    }
    distances[place] = distance
    indices[place] = index
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
