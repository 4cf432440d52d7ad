import type { GraphValue, GraphWriter } from '@im-iad/core'
import { squaredDistancesTo, traceNearestRows, type TracedBank, type TracedNeighbours } from '@im-iad/nn'
import type { PatchCoreParameters } from './parameters.ts'

export interface TracedScoreRequest {
  /** float32 `[images x patches, dimension]`. */
  readonly queries: GraphValue
  /** The nearest row of every patch, `[images x patches, 1]`. */
  readonly nearest: TracedNeighbours
  /** Their distances, float32 `[images, patches]`. */
  readonly squaredDistances: GraphValue
  readonly perImage: number
  readonly memory: TracedBank
  readonly parameters: PatchCoreParameters
}

/** What `imageScore` does, for all images of a batch in a graph: float32 `[images]`. */
export function traceImageScore(graph: GraphWriter, request: TracedScoreRequest): GraphValue {
  const { squaredDistances, memory, parameters } = request
  const [largest, place] = graph.nodes('TopK', [squaredDistances, graph.integers(1)], 2, { axis: 1 })
  const count = Math.min(parameters.reweightingNeighbors, memory.rows)
  if (count === 1) return graph.node('Reshape', [largest, graph.integers(-1)])
  const worst = worstPatches(graph, request, place)
  if (parameters.reweighting === 'open-iad') {
    const near = traceNearestRows(graph, worst.patches, memory, count).squaredDistances
    return reweighted(graph, largest, near, largestOf(graph, near))
  }
  const rows = graph.node('Gather', [memory.matrix, worst.rows], { axis: 0 })
  const support = traceNearestRows(graph, rows, memory, count).indices
  const neighbours = graph.node('Gather', [memory.matrix, support], { axis: 0 })
  const distances = graph.node('Sqrt', [squaredDistancesTo(graph, worst.patches, neighbours)])
  const distance = graph.node('Sqrt', [largest])
  return reweighted(graph, distance, distances, distance)
}

/** The worst patch of every image, `[images, dimension]`, and the number of the row nearest to it, `[images]`. */
function worstPatches(
  graph: GraphWriter,
  { queries, nearest, perImage }: TracedScoreRequest,
  place: GraphValue,
): { readonly patches: GraphValue; readonly rows: GraphValue } {
  const perPatch = graph.node('Reshape', [nearest.indices, graph.integers(-1, perImage)])
  const rows = graph.node('Reshape', [graph.node('GatherElements', [perPatch, place], { axis: 1 }), graph.integers(-1)])
  const places = graph.node('Reshape', [place, graph.integers(-1)])
  const images = graph.node('Shape', [places])
  const numbers = graph.node('Range', [scalarInteger(graph, 0), graph.node('Squeeze', [images]), scalarInteger(graph, 1)])
  const positions = graph.node('Add', [graph.node('Mul', [numbers, graph.integers(perImage)]), places])
  return { patches: graph.node('Gather', [queries, positions], { axis: 0 }), rows }
}

/** `(1 - exp(value) / Σ exp(values)) · score`, with the maximum taken off so that nothing overflows; `[images, 1]` and `[images, count]` to `[images]`. */
function reweighted(graph: GraphWriter, score: GraphValue, values: GraphValue, value: GraphValue): GraphValue {
  const largest = largestOf(graph, values)
  const exponential = (of: GraphValue): GraphValue => graph.node('Exp', [graph.node('Sub', [of, largest])])
  const sum = graph.node('ReduceSum', [exponential(values), graph.integers(1)], { keepdims: 1 })
  const share = graph.node('Div', [exponential(value), sum])
  const weighted = graph.node('Mul', [graph.node('Sub', [graph.scalar(1), share]), score])
  return graph.node('Reshape', [weighted, graph.integers(-1)])
}

/** `[images, count]` to `[images, 1]`. */
function largestOf(graph: GraphWriter, values: GraphValue): GraphValue {
  const [largest] = graph.nodes('TopK', [values, graph.integers(1)], 2, { axis: 1 })
  return largest
}

function scalarInteger(graph: GraphWriter, value: number): GraphValue {
  return graph.constant(BigInt64Array.of(BigInt(value)), [])
}
