import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { applyConvolution, type ConvolutionStyle, type ForwardPass } from '../layers/apply-convolution.ts'
import { assembleNetwork } from './assemble-network.ts'
import type { FeatureNetwork, NetworkWeights } from './feature-network.ts'
import { createNetworkParameters } from './network-parameters.ts'
import {
  residualConvolutions,
  residualLayers,
  stem,
  type LayerName,
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

/** PyTorch's. */
const STYLE: ConvolutionStyle = { padding: 'symmetric', epsilon: 1e-5 }

/** Builds a residual network with the given weights: a torchvision checkpoint, or `heInitialization` of `residualParameters`. @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape */
export function createResidualNetwork(tf: TensorEngine, { architecture, through, weights, use }: ResidualNetworkOptions): ResidualNetwork {
  const layers = residualLayers(architecture, through)
  const parameters = createNetworkParameters(tf, residualConvolutions(architecture, through), { weights, use }, STYLE.epsilon)
  return assembleNetwork({
    layers,
    parameters,
    use,
    features(images, mode) {
      const pass: ForwardPass = { tf, parameters, mode, folded: use === 'folded', style: STYLE }
      let values = tf.maxPool(tf.relu(applyConvolution(pass, images, stem(architecture))), 3, 2, 1)
      return layers.map(({ blocks }) => {
        for (const block of blocks) values = residualBlock(pass, values, block)
        return values
      })
    },
  })
}

/** ReLU between the convolutions, and after what the shortcut is added to. */
function residualBlock(pass: ForwardPass, input: Tensor4D, { main, shortcut }: ResidualBlock): Tensor4D {
  const { tf } = pass
  let values = input
  for (const [index, convolution] of main.entries()) values = applyConvolution(pass, index === 0 ? values : tf.relu(values), convolution)
  return tf.relu(tf.add(values, shortcut === null ? input : applyConvolution(pass, input, shortcut)))
}
