import { createParameters, type ParameterDefinition, type ParameterValue, type TensorEngine } from '@im-iad/nn'
import type { RandomStream } from '@im-iad/core'
import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core'

/** What turns features into a response per position: one linear layer, or two with ReLU between them. */
export interface ResponseHead {
  readonly variables: ReadonlyMap<string, Variable>
  /** Mean and deviation that features are standardised with; empty where they are taken as they are. */
  readonly statistics: ReadonlyMap<string, Variable>
  /** `[count, height, width, channels]` to `[count, height x width]`. */
  responses(features: Tensor4D): Tensor2D
  read(): Promise<Readonly<Record<string, ParameterValue>>>
  write(values: ReadonlyMap<string, ParameterValue>): void
  dispose(): void
}

export interface HeadOptions {
  /** Channels of the features. */
  readonly channels: number
  /** 0: one linear layer. */
  readonly hiddenChannels: number
  /** Whether features are standardised by {@link FEATURE_MEAN} and {@link FEATURE_DEVIATION}, which begin as 0 and 1. */
  readonly standardized: boolean
  readonly random: RandomStream
}

export const FEATURE_MEAN = 'features.mean'
export const FEATURE_DEVIATION = 'features.deviation'

/** Layers begin as PyTorch's: weights and biases uniform within 1 / √inputs. */
export function createHead(tf: TensorEngine, { channels, hiddenChannels, standardized, random }: HeadOptions): ResponseHead {
  const layers =
    hiddenChannels === 0 ? [layer('score', channels, 1)] : [layer('hidden', channels, hiddenChannels), layer('score', hiddenChannels, 1)]
  const statistics: readonly ParameterDefinition[] = standardized
    ? [
        { name: FEATURE_MEAN, kind: 'running-mean', shape: [channels] },
        { name: FEATURE_DEVIATION, kind: 'running-variance', shape: [channels] },
      ]
    : []
  const values = new Map<string, ParameterValue>([
    ...layers.flatMap(({ inputs, definitions }) => definitions.map(({ name, shape }) => [name, uniform(shape, inputs, random)] as const)),
    [FEATURE_MEAN, { shape: [channels], data: new Float32Array(channels) }],
    [FEATURE_DEVIATION, { shape: [channels], data: new Float32Array(channels).fill(1) }],
  ])
  const definitions = [...layers.flatMap((each) => each.definitions), ...statistics]
  const parameters = createParameters(tf, definitions, values, 'trainable')
  return {
    variables: parameters.trained,
    statistics: parameters.statistics,
    responses(features) {
      const [count, height, width] = features.shape
      const standard = standardized
        ? tf.div<Tensor4D>(tf.sub(features, parameters.get(FEATURE_MEAN)), parameters.get(FEATURE_DEVIATION))
        : features
      let rows: Tensor2D = tf.reshape(standard, [count * height * width, channels])
      for (const [index, { name }] of layers.entries())
        rows = linear(tf, index === 0 ? rows : tf.relu(rows), parameters.get(`${name}.weight`), parameters.get(`${name}.bias`))
      return tf.reshape(rows, [count, height * width])
    },
    read: () => parameters.read(),
    write: (given) => parameters.write(given),
    dispose: () => parameters.dispose(),
  }
}

interface Layer {
  readonly name: string
  readonly inputs: number
  readonly definitions: readonly ParameterDefinition[]
}

function layer(name: string, inputs: number, outputs: number): Layer {
  return {
    name,
    inputs,
    definitions: [
      { name: `${name}.weight`, kind: 'linear', shape: [outputs, inputs] },
      { name: `${name}.bias`, kind: 'bias', shape: [outputs] },
    ],
  }
}

function linear(tf: TensorEngine, rows: Tensor2D, weight: Tensor, bias: Tensor): Tensor2D {
  return tf.add(tf.matMul(rows, weight as Tensor2D), bias)
}

function uniform(shape: readonly number[], inputs: number, random: RandomStream): ParameterValue {
  const bound = 1 / Math.sqrt(inputs)
  const size = shape.reduce((product, axis) => product * axis, 1)
  return { shape, data: Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * bound) }
}
