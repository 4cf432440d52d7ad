import type { GraphValue, GraphWriter, TracedFeatures, TracedFrames, TracedLevel, TracedPrediction } from '@im-iad/core'
import { invertLowerTriangle, packedLength } from '@im-iad/linalg'
import { traceMapProjection } from '@im-iad/nn'
import { blockIndices, channelsOfLevels } from '../embed-positions.ts'
import type { PositionGaussians } from '../position-gaussians.ts'

export interface TraceRequest {
  readonly frames: TracedFrames
  readonly features: TracedFeatures
  readonly gaussians: PositionGaussians
  /** The kept channels, in the order in which they were drawn. */
  readonly channels: readonly number[]
  /** Standard deviation of the map's Gaussian, in pixels of the input. */
  readonly sigma: number
}

/** What `predict` does, in a graph: |L⁻¹ (x - μ)| with the inverted factors as one matrix per position. */
export function tracePadim(graph: GraphWriter, { frames, features, gaussians, channels, sigma }: TraceRequest): TracedPrediction {
  const { height, width, dimension } = gaussians
  const positions = height * width
  const embedded = tracePositions(graph, features.levels, gaussians, channels)
  const deltas = graph.node('Sub', [embedded, graph.constant(gaussians.means, [height, width, dimension])])
  const perPosition = graph.node('Transpose', [graph.node('Reshape', [deltas, graph.integers(-1, positions, dimension)])], {
    perm: [1, 0, 2],
  })
  graph.reserve(positions * dimension * dimension * 4)
  const inverses = graph.constant(transposedInverses(gaussians), [positions, dimension, dimension])
  const whitened = graph.node('MatMul', [perPosition, inverses])
  const squared = graph.node('ReduceSum', [graph.node('Mul', [whitened, whitened]), graph.integers(2)], { keepdims: 0 })
  const distances = graph.node('Transpose', [graph.node('Sqrt', [squared])], { perm: [1, 0] })
  const grids = graph.node('Reshape', [distances, graph.integers(-1, height, width)])
  const maps = traceMapProjection(graph, grids, { grid: { height, width }, output: frames, sigma })
  const values = graph.node('Reshape', [maps, graph.integers(-1, frames.height * frames.width)])
  const [largest] = graph.nodes('TopK', [values, graph.integers(1)], 2, { axis: 1 })
  return {
    scores: graph.node('Reshape', [largest, graph.integers(-1)]),
    maps: { height: frames.height, width: frames.width, value: maps },
    batch: features.batch,
  }
}

/** What `embedPositions` does: `[count, height, width, kept channels]`. */
function tracePositions(
  graph: GraphWriter,
  levels: readonly TracedLevel[],
  { height, width }: Pick<PositionGaussians, 'height' | 'width'>,
  channels: readonly number[],
): GraphValue {
  const kept = channelsOfLevels(levels, channels)
  const parts = levels.flatMap((level, index) =>
    kept[index].from.length === 0 ? [] : [tracePart(graph, level, kept[index].from, { height, width })],
  )
  const places = kept.flatMap(({ to }) => [...to])
  const order = Int32Array.from(channels, (_, place) => places.indexOf(place))
  const joined = parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 3 })
  return graph.node('Gather', [joined, graph.integers(...order)], { axis: 3 })
}

function tracePart(
  graph: GraphWriter,
  level: TracedLevel,
  from: Int32Array,
  { height, width }: Pick<PositionGaussians, 'height' | 'width'>,
): GraphValue {
  const chosen = graph.node('Gather', [level.value, graph.integers(...from)], { axis: 3 })
  if (level.height === height && level.width === width) return chosen
  const rows = graph.node('Gather', [chosen, graph.integers(...blockIndices(level.height, height))], { axis: 1 })
  return graph.node('Gather', [rows, graph.integers(...blockIndices(level.width, width))], { axis: 2 })
}

/** L⁻ᵀ of every position, float32 `[positions, dimension, dimension]`; inverted in float64. */
function transposedInverses({ factors, dimension }: PositionGaussians): Float32Array {
  const triangle = packedLength(dimension)
  const positions = factors.length / triangle
  const square = dimension * dimension
  const inverses = new Float32Array(positions * square)
  const inverse = new Float64Array(triangle)
  for (let position = 0; position < positions; position++) {
    invertLowerTriangle(factors.subarray(position * triangle, (position + 1) * triangle), dimension, inverse)
    for (let row = 0, rowStart = 0; row < dimension; rowStart += ++row)
      for (let column = 0; column <= row; column++) inverses[position * square + column * dimension + row] = inverse[rowStart + column]
  }
  return inverses
}
