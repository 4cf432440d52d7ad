import { repeatable } from '@im-iad/tfjs-onnxruntime'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { batchNormalize, type NetworkMode } from '../layers/batch-normalize.ts'
import { convolve } from '../layers/convolve.ts'
import { createParameters, type ParameterSet, type ParameterUse } from '../parameters/parameter-set.ts'
import type { NamedTensor } from '@im-iad/weights'
import {
  residualLayers,
  residualParameters,
  stem,
  type LayerName,
  type NormalizedConvolution,
  type ResidualArchitecture,
  type ResidualBlock,
} from './residual-architecture.ts'

/** A level of a network's features; structurally core's FeatureLevel. */
export interface NetworkLevel {
  readonly name: LayerName
  readonly channels: number
  readonly stride: number
}

/** A residual network in the engine; structurally a TrainableBackbone of core. */
export interface ResidualNetwork {
  readonly levels: readonly NetworkLevel[]
  /** What an optimiser changes, by torchvision's names; empty when frozen. */
  readonly variables: ReadonlyMap<string, Variable>
  readonly parameters: ParameterSet
  /**
   * Features of normalised pictures, `[count, height, width, 3]` float32, in the order of `levels`. In training mode batch statistics are used and running ones updated.
   * Call it inside `tf.tidy` or a gradient function.
   */
  forward(images: Tensor4D, mode: NetworkMode): readonly Tensor4D[]
  dispose(): void
}

export interface ResidualNetworkOptions {
  readonly architecture: ResidualArchitecture
  /** The last layer that is built. */
  readonly through: LayerName
  /** In PyTorch's layout: a torchvision checkpoint, or `heInitialization` of `residualParameters`. */
  readonly weights: ReadonlyMap<string, NamedTensor>
  readonly use: ParameterUse
}

/** Builds a residual network with the given weights. @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape */
export function createResidualNetwork(tf: TensorEngine, { architecture, through, weights, use }: ResidualNetworkOptions): ResidualNetwork {
  const layers = residualLayers(architecture, through)
  const parameters = createParameters(tf, residualParameters(architecture, through), weights, use)
  const features = (images: Tensor4D, mode: NetworkMode): readonly Tensor4D[] => {
    const pass: Pass = { tf, parameters, mode }
    let values = tf.maxPool(tf.relu(normalizedConvolution(pass, images, stem(architecture))), 3, 2, 1)
    return layers.map(({ blocks }) => {
      for (const block of blocks) values = residualBlock(pass, values, block)
      return values
    })
  }
  const inferred = repeatable((images: Tensor4D) => features(images, 'inference'))
  return {
    levels: layers.map(({ name, channels, stride }) => ({ name, channels, stride })),
    variables: parameters.trained,
    parameters,
    forward: (images, mode) => (use === 'frozen' && mode === 'inference' ? inferred(images) : features(images, mode)),
    dispose() {
      inferred.forget()
      parameters.dispose()
    },
  }
}

interface Pass {
  readonly tf: TensorEngine
  readonly parameters: ParameterSet
  readonly mode: NetworkMode
}

/** ReLU between the convolutions, and after what the shortcut is added to. */
function residualBlock(pass: Pass, input: Tensor4D, { main, shortcut }: ResidualBlock): Tensor4D {
  const { tf } = pass
  let values = input
  for (const [index, convolution] of main.entries())
    values = normalizedConvolution(pass, index === 0 ? values : tf.relu(values), convolution)
  return tf.relu(tf.add(values, shortcut === null ? input : normalizedConvolution(pass, input, shortcut)))
}

function normalizedConvolution(
  { tf, parameters, mode }: Pass,
  input: Tensor4D,
  { convolution, norm, kernel, stride }: NormalizedConvolution,
): Tensor4D {
  const convolved = convolve(tf, input, parameters.get(`${convolution}.weight`), { stride, padding: (kernel - 1) / 2 })
  const normalization = {
    scale: parameters.get(`${norm}.weight`),
    offset: parameters.get(`${norm}.bias`),
    runningMean: parameters.get(`${norm}.running_mean`),
    runningVariance: parameters.get(`${norm}.running_var`),
  }
  return batchNormalize(tf, convolved, normalization, mode)
}
