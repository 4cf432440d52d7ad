import type { AlgorithmContext, FeatureExtractor, FeatureLevel, TrainableBackbone } from '@im-iad/core'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { noGradients, unknownLevel, untrainableBackbone } from './errors.ts'
import type { DevNetParameters } from './parameters.ts'

/** A backbone as a network of the engine. */
export type FeatureNetwork = TrainableBackbone<Tensor4D, Variable>

/** What gives DevNet its features. */
export type Body =
  /** A network that is trained. */
  | { readonly kind: 'trained'; readonly level: FeatureLevel; readonly network: FeatureNetwork }
  /** A frozen backbone; `network` computes the same in the engine, so that gradients go through it, and is there for maps that need them. */
  | { readonly kind: 'frozen'; readonly level: FeatureLevel; readonly extractor: FeatureExtractor; readonly network: FeatureNetwork | null }

/** @throws ImIadError IM_IAD_E_DEVNET where the backbone can't be trained, or gives no gradients for the map; IM_IAD_E_LEVEL for a level that it lacks */
export async function openBody({ backbone, level: stride, trained, map }: DevNetParameters, context: AlgorithmContext): Promise<Body> {
  const open = async (start: 'pretrained' | 'frozen'): Promise<FeatureNetwork | null> => {
    const random = context.random.stream('backbone')
    // The engine's tensors go through core unseen: it knows no engine.
    return (await context.trainableBackbone(backbone, { start, random, strides: [stride] })) as FeatureNetwork | null
  }
  if (trained !== 'head') {
    const network = await open('pretrained')
    if (network === null) throw untrainableBackbone(backbone)
    return { kind: 'trained', level: levelOf(network.levels, stride), network }
  }
  const extractor = await context.backbone(backbone)
  const level = levelOf(extractor.levels, stride)
  if (map === 'response') return { kind: 'frozen', level, extractor, network: null }
  const network = await open('frozen')
  if (network === null) throw noGradients(backbone)
  return { kind: 'frozen', level, extractor, network }
}

/** The scored level's features of normalised pictures. */
export function featuresOf(network: FeatureNetwork, { stride }: FeatureLevel, images: Tensor4D, mode: 'training' | 'inference'): Tensor4D {
  return network.forward(images, mode)[network.levels.findIndex((level) => level.stride === stride)]
}

function levelOf(levels: readonly FeatureLevel[], stride: number): FeatureLevel {
  const level = levels.find((candidate) => candidate.stride === stride)
  if (level !== undefined) return level
  throw unknownLevel(
    stride,
    levels.map((known) => known.stride),
  )
}
