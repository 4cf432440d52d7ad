import type {
  AlgorithmContext,
  FeatureExtractor,
  FeatureLevel,
  GraphWriter,
  TracedFeatures,
  TracedFrames,
  TrainableBackbone,
} from '@im-iad/core'
import {
  createResidualNetwork,
  heInitialization,
  normalizedPixels,
  residualParameters,
  traceResidualNetwork,
  type ResidualArchitecture,
  type ResidualNetwork,
  type TensorEngine,
} from '@im-iad/nn'
import type { NamedTensor } from '@im-iad/weights'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { formulaValue } from '../../../nn/test/support/formula-weights.ts'

const NORMALIZATION = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const

/** Parameters by the formula of make_reference.py. */
export function formulaWeights(architecture: ResidualArchitecture, prefix: string = ''): ReadonlyMap<string, NamedTensor> {
  return new Map(residualParameters(architecture, 'layer3').map(({ name, shape }) => [name, formulaValue(prefix + name, shape)]))
}

export interface ResidualBackbone {
  readonly extractor: FeatureExtractor
  readonly trainableBackbone: AlgorithmContext['trainableBackbone']
}

/**
 * A residual network to layer3 as a backbone, frozen and trainable.
 * @param randomStart - what a random start gives, instead of random numbers
 */
export function residualBackbone(
  tf: TensorEngine,
  architecture: ResidualArchitecture,
  randomStart?: ReadonlyMap<string, NamedTensor>,
): ResidualBackbone {
  const weights = formulaWeights(architecture)
  const frozen = createResidualNetwork(tf, { architecture, through: 'layer3', weights, use: 'frozen' })
  return {
    extractor: extractorOf(tf, architecture, frozen),
    trainableBackbone: async (_reference, { start, random }) => {
      const begin = start === 'pretrained' ? weights : (randomStart ?? heInitialization(residualParameters(architecture, 'layer3'), random))
      return trainable(architecture, createResidualNetwork(tf, { architecture, through: 'layer3', weights: begin, use: 'trainable' }))
    },
  }
}

function extractorOf(tf: TensorEngine, architecture: ResidualArchitecture, network: ResidualNetwork): FeatureExtractor {
  return {
    levels: network.levels,
    notes: [],
    async extract(batch, strides) {
      const { shape, data } = normalizedPixels(batch, NORMALIZATION)
      const levels = tf.tidy(() => network.forward(tf.tensor4d(data, shape), 'inference').map((level) => tf.keep(level)))
      const read = await Promise.all(levels.map(async (level) => Float32Array.from(await level.data())))
      return strides.map((stride) => {
        const place = network.levels.findIndex((level) => level.stride === stride)
        const [, height, width] = levels[place].shape
        return { level: network.levels[place], height, width, data: read[place] }
      })
    },
    async trace(graph, frames, strides) {
      const { levels } = await traceNetwork(graph, frames, architecture, network)
      return {
        levels: strides.flatMap((stride) => levels[network.levels.findIndex((level) => level.stride === stride)] ?? []),
        batch: null,
      }
    },
    dispose: () => Promise.resolve(),
  }
}

async function traceNetwork(
  graph: GraphWriter,
  { value, height, width }: TracedFrames,
  architecture: ResidualArchitecture,
  network: ResidualNetwork,
): Promise<TracedFeatures> {
  const values = await network.parameters.read()
  const centred = graph.node('Sub', [value, graph.constant(Float32Array.from(NORMALIZATION.mean))])
  const normalized = graph.node('Div', [centred, graph.constant(Float32Array.from(NORMALIZATION.std))])
  const images = graph.node('Transpose', [normalized], { perm: [0, 3, 1, 2] })
  const features = traceResidualNetwork(graph, images, { architecture, through: 'layer3', values })
  const levels = network.levels.map(({ channels, stride }, index) => ({
    channels,
    height: height / stride,
    width: width / stride,
    value: graph.node('Transpose', [features[index]], { perm: [0, 2, 3, 1] }),
  }))
  return { levels, batch: null }
}

function trainable(architecture: ResidualArchitecture, network: ResidualNetwork): TrainableBackbone<Tensor4D, Variable> {
  return {
    levels: network.levels satisfies readonly FeatureLevel[],
    normalization: NORMALIZATION,
    variables: network.variables,
    statistics: network.parameters.statistics,
    forward: (images, mode) => network.forward(images, mode),
    read: () => network.parameters.read(),
    write: (values) => network.parameters.write(values),
    trace: (graph, frames) => traceNetwork(graph, frames, architecture, network),
    dispose: () => network.dispose(),
  }
}
