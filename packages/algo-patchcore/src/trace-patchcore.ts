import type { GraphWriter, TracedFeatures, TracedFrames, TracedPrediction } from '@im-iad/core'
import type { PreparedBank } from '@im-iad/linalg'
import { traceBank, traceGridMaps, traceNearestRows, tracePatchEmbedding } from '@im-iad/nn'
import type { PatchCoreParameters } from './parameters.ts'
import { traceImageScore } from './trace-image-score.ts'

export interface TraceRequest {
  readonly frames: TracedFrames
  readonly features: TracedFeatures
  readonly bank: PreparedBank
  readonly parameters: PatchCoreParameters
  /** Standard deviation of the map's Gaussian, in pixels of the input. */
  readonly sigma: number
}

/** What `predict` does, in a graph. */
export function tracePatchCore(graph: GraphWriter, { frames, features, bank, parameters, sigma }: TraceRequest): TracedPrediction {
  const patches = tracePatchEmbedding(graph, features.levels, parameters.targetDimension)
  const grid = { height: patches.height, width: patches.width }
  const perImage = grid.height * grid.width
  const queries = graph.node('Reshape', [patches.value, graph.integers(-1, patches.dimension)])
  const memory = traceBank(graph, bank)
  const nearest = traceNearestRows(graph, queries, memory, 1)
  const squaredDistances = graph.node('Reshape', [nearest.squaredDistances, graph.integers(-1, perImage)])
  const scores = traceImageScore(graph, { queries, nearest, squaredDistances, perImage, memory, parameters })
  const maps = traceGridMaps(graph, squaredDistances, { grid, output: frames, sigma })
  return { scores, maps, batch: features.batch }
}
