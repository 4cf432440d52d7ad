import type { BackboneContext, FeatureExtractor, FeatureLevel, GraphValue, GraphWriter } from '@im-iad/core'
import { openGraphBackbone } from '@im-iad/onnx'
import { LEVELS } from './architecture.ts'
import { buildNetworkGraph, INPUT, traceLevels } from './network-graph.ts'
import { readWeights, type NetworkWeights } from './read-weights.ts'

/** Puts the packaged weights into an ONNX graph and opens it. @param weights - others than the packaged ones: of a training that is tried */
export async function openLearnedBackbone(
  { threads }: Pick<BackboneContext, 'threads'>,
  weights?: NetworkWeights,
): Promise<FeatureExtractor> {
  const used = weights ?? (await readWeights())
  return openGraphBackbone<FeatureLevel, GraphWriter, GraphValue>({
    id: 'learned',
    levels: LEVELS,
    model: buildNetworkGraph(used),
    input: INPUT,
    threads,
    trace: (graph, pixels, levels) => traceLevels(graph, used, pixels, levels),
  })
}
