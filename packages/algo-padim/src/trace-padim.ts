import type { GraphWriter, TracedFeatures, TracedFrames, TracedPrediction } from '@im-iad/core'
import { whiteningMatrices } from '@im-iad/linalg'
import { traceGridMaps, traceLargest, tracePositionEmbedding } from '@im-iad/nn'
import type { PositionGaussians } from './position-gaussians.ts'

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
export function tracePadim(
  graph: GraphWriter,
  { frames, features, gaussians: { grid, field }, channels, sigma }: TraceRequest,
): TracedPrediction {
  const { positions, dimension, means } = field
  const embedded = tracePositionEmbedding(graph, features.levels, channels).value
  const deltas = graph.node('Sub', [embedded, graph.constant(means, [grid.height, grid.width, dimension])])
  const perPosition = graph.node('Transpose', [graph.node('Reshape', [deltas, graph.integers(-1, positions, dimension)])], {
    perm: [1, 0, 2],
  })
  graph.reserve(positions * dimension * dimension * 4)
  const whitened = graph.node('MatMul', [perPosition, graph.constant(whiteningMatrices(field), [positions, dimension, dimension])])
  const squared = graph.node('ReduceSum', [graph.node('Mul', [whitened, whitened]), graph.integers(2)], { keepdims: 0 })
  const distances = graph.node('Transpose', [graph.node('Sqrt', [squared])], { perm: [1, 0] })
  const maps = traceGridMaps(graph, distances, { grid, output: frames, sigma })
  return { scores: traceLargest(graph, maps), maps, batch: features.batch }
}
