import type { GraphValue, GraphWriter } from './graph-writer.ts'

/** Rows that are searched; structurally linalg's PreparedBank. */
export interface SearchedRows {
  readonly matrix: { readonly rows: number; readonly columns: number; readonly data: Float32Array }
  /** Squared Euclidean norms of the rows. */
  readonly norms: Float32Array
}

/** A memory of rows in a graph. */
export interface TracedBank {
  readonly rows: number
  /** float32 `[rows, dimension]`. */
  readonly matrix: GraphValue
  readonly blocks: readonly Block[]
}

/** Rows that are searched together. */
interface Block {
  readonly first: number
  readonly rows: number
  /** float32 `[dimension, rows]`. */
  readonly transposed: GraphValue
  /** Squared norms, float32 `[rows]`. */
  readonly norms: GraphValue
}

export interface TracedNeighbours {
  /** int64 `[queries, count]`, nearest first. */
  readonly indices: GraphValue
  /** Squared Euclidean distances, float32 `[queries, count]`. */
  readonly squaredDistances: GraphValue
}

/** Distances of all queries to so many rows are held at a time: 32 MiB for 1024 queries. */
const BLOCK_ROWS = 8192

/** Candidates beyond the wanted ones, per block: an estimate by norms and products is rounded, so the nearest row need not have the smallest. */
const SPARE = 3

export function traceBank(graph: GraphWriter, { matrix, norms }: SearchedRows): TracedBank {
  const { rows, columns, data } = matrix
  const value = graph.constant(data, [rows, columns])
  const blocks: Block[] = []
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - first)
    const whole = count === rows
    const part = whole ? value : graph.node('Slice', [value, graph.integers(first), graph.integers(first + count), graph.integers(0)])
    blocks.push({
      first,
      rows: count,
      transposed: graph.node('Transpose', [part], { perm: [1, 0] }),
      norms: graph.constant(Float32Array.from(norms.subarray(first, first + count))),
    })
  }
  return { rows, matrix: value, blocks }
}

/**
 * The nearest rows of the memory: candidates by the usual `|b|² - 2 q·b`, block by block, then their distances once more as `Σ (q - b)²`, which loses no digits where they are small.
 * @param queries - float32 `[queries, dimension]`
 * @param count - at most the memory's rows
 */
export function traceNearestRows(graph: GraphWriter, queries: GraphValue, bank: TracedBank, count: number): TracedNeighbours {
  const found = bank.blocks.map((block) => candidatesOf(graph, queries, block, count + SPARE))
  const indices = join(
    graph,
    found.map((candidates) => candidates.indices),
  )
  const estimates = join(
    graph,
    found.map((candidates) => candidates.estimates),
  )
  const wanted = Math.min(count + SPARE, bank.rows)
  const [, places] =
    found.length === 1 ? [null, null] : graph.nodes('TopK', [estimates, graph.integers(wanted)], 2, { axis: 1, largest: 0 })
  const candidates = places ? graph.node('GatherElements', [indices, places], { axis: 1 }) : indices
  return nearestOf(graph, queries, graph.node('Gather', [bank.matrix, candidates], { axis: 0 }), candidates, count)
}

/**
 * The nearest of given rows, in float32.
 * @param rows - float32 `[queries, candidates, dimension]`
 * @param names - int64 `[queries, candidates]`: what the rows are called
 */
export function nearestOf(graph: GraphWriter, queries: GraphValue, rows: GraphValue, names: GraphValue, count: number): TracedNeighbours {
  const distances = squaredDistancesTo(graph, queries, rows)
  const [squaredDistances, order] = graph.nodes('TopK', [distances, graph.integers(count)], 2, { axis: 1, largest: 0 })
  return { indices: graph.node('GatherElements', [names, order], { axis: 1 }), squaredDistances }
}

/** Of queries `[queries, dimension]` to rows of their own `[queries, candidates, dimension]`: `[queries, candidates]`. */
export function squaredDistancesTo(graph: GraphWriter, queries: GraphValue, rows: GraphValue): GraphValue {
  const difference = graph.node('Sub', [rows, graph.node('Unsqueeze', [queries, graph.integers(1)])])
  return graph.node('ReduceSum', [graph.node('Mul', [difference, difference]), graph.integers(2)], { keepdims: 0 })
}

function candidatesOf(
  graph: GraphWriter,
  queries: GraphValue,
  { first, rows, transposed, norms }: Block,
  count: number,
): { readonly indices: GraphValue; readonly estimates: GraphValue } {
  const products = graph.node('MatMul', [queries, transposed])
  const distances = graph.node('Sub', [norms, graph.node('Mul', [products, graph.scalar(2)])])
  const [estimates, places] = graph.nodes('TopK', [distances, graph.integers(Math.min(count, rows))], 2, { axis: 1, largest: 0 })
  return { estimates, indices: first === 0 ? places : graph.node('Add', [places, graph.integers(first)]) }
}

function join(graph: GraphWriter, parts: readonly GraphValue[]): GraphValue {
  return parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 1 })
}
