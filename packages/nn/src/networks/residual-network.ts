import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { batchNormalize, type NetworkMode } from '../layers/batch-normalize.ts'
import { convolve } from '../layers/convolve.ts'
import { createParameters, type ParameterSet } from '../parameters/parameter-set.ts'
import type { FeatureNetwork, NetworkWeights } from './feature-network.ts'
import {
  residualLayers,
  residualParameters,
  stem,
  type LayerName,
  type NormalizedConvolution,
  type ResidualArchitecture,
  type ResidualBlock,
} from './residual-architecture.ts'

/** A residual network in the engine. */
export type ResidualNetwork = FeatureNetwork<LayerName>

export interface ResidualNetworkOptions extends NetworkWeights {
  readonly architecture: ResidualArchitecture
  /** The last layer that is built. */
  readonly through: LayerName
}

/** Builds a residual network with the given weights: a torchvision checkpoint, or `heInitialization` of `residualParameters`. @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape */
export function createResidualNetwork(tf: TensorEngine, { architecture, through, weights, use }: ResidualNetworkOptions): ResidualNetwork {
  const layers = residualLayers(architecture, through)
  const parameters = createParameters(tf, residualParameters(architecture, through), weights, use)
  return {
    levels: layers.map(({ name, channels, stride }) => ({ name, channels, stride })),
    variables: parameters.trained,
    parameters,
    forward(images, mode) {
      const pass: Pass = { tf, parameters, mode }
      let values = tf.maxPool(tf.relu(normalizedConvolution(pass, images, stem(architecture))), 3, 2, 1)
      return layers.map(({ blocks }) => {
        for (const block of blocks) values = residualBlock(pass, values, block)
        return values
      })
    },
    dispose: () => parameters.dispose(),
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
