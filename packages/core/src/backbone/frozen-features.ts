import { ImIadError } from '@im-iad/errors'
import type { AlgorithmContext, ImageBatch } from '../contracts/algorithm.ts'
import type { FeatureLevel, FeatureMap } from '../contracts/backbone.ts'
import type { GraphWriter, TracedFeatures, TracedFrames } from '../contracts/graph.ts'

/** The levels of a frozen backbone that an algorithm works with. */
export interface FrozenFeatures {
  /** In the order that was asked for. */
  readonly levels: readonly FeatureLevel[]
  extract(batch: ImageBatch): Promise<readonly FeatureMap[]>
  /** @throws ImIadError IM_IAD_E_EXPORT when the backbone does not say how its features are computed */
  trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedFeatures>
}

/** What an algorithm's parameters say of its backbone. */
export interface FrozenFeaturesRequest {
  readonly backbone: string
  /** Strides. */
  readonly levels: readonly number[]
}

/**
 * Opens a backbone for an algorithm that reads features and does not train them.
 * @throws ImIadError IM_IAD_E_LEVEL when it lacks a level
 */
export async function openFrozenFeatures(context: AlgorithmContext, request: FrozenFeaturesRequest): Promise<FrozenFeatures> {
  const extractor = await context.backbone(request.backbone)
  const levels = request.levels.map((stride) => {
    const level = extractor.levels.find((candidate) => candidate.stride === stride)
    if (level === undefined) throw missingLevel(request.backbone, stride, extractor.levels)
    return level
  })
  return {
    levels,
    extract: (batch) => extractor.extract(batch, request.levels),
    async trace(graph, frames) {
      const features = await extractor.trace?.(graph, frames, request.levels)
      if (features === undefined) throw untraceableBackbone(request.backbone)
      return features
    },
  }
}

function missingLevel(backbone: string, stride: number, levels: readonly FeatureLevel[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEVEL',
    what: `the backbone "${backbone}" has no level of stride ${stride}`,
    problem: `its levels have the strides ${levels.map((known) => known.stride).join(', ')}`,
    fix: "set the algorithm's levels to some of them",
  })
}

function untraceableBackbone(backbone: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: `the backbone "${backbone}" can't be exported`,
    problem: 'its plugin does not say how its features are computed (trace)',
    fix: 'fit the model with a backbone that does: embedded, or a feature extractor as an .onnx file',
  })
}
