import type { BackboneContext, FeatureExtractor, FeatureLevel, GraphValue, GraphWriter } from '@im-iad/core'
import { openGraphBackbone } from '@im-iad/onnx'
import { buildFeatureGraph, INPUT, traceLevels } from './feature-graph.ts'
import { LEVELS } from './levels.ts'

/** Computes the filters, puts them into an ONNX graph and opens it. */
export function openEmbeddedBackbone({ threads }: Pick<BackboneContext, 'threads'>): Promise<FeatureExtractor> {
  return openGraphBackbone<FeatureLevel, GraphWriter, GraphValue>({
    id: 'embedded',
    levels: LEVELS,
    model: buildFeatureGraph(),
    input: INPUT,
    threads,
    trace: traceLevels,
  })
}
