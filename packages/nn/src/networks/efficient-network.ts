import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { applyConvolution, type ConvolutionStyle, type ForwardPass } from '../layers/apply-convolution.ts'
import { assembleNetwork } from './assemble-network.ts'
import type { EfficientArchitecture } from './efficient-architecture.ts'
import {
  efficientLayers,
  efficientParameterLayers,
  efficientStem,
  type EfficientBlock,
  type SqueezeExcitation,
  type StageName,
} from './efficient-blocks.ts'
import { namingOf } from './efficient-naming.ts'
import type { FeatureNetwork, NetworkWeights } from './feature-network.ts'
import { createNetworkParameters } from './network-parameters.ts'

export interface EfficientNetworkOptions extends NetworkWeights {
  readonly architecture: EfficientArchitecture
  /** The last stage that is built. */
  readonly through: StageName
}

/** TensorFlow's. */
const STYLE: ConvolutionStyle = { padding: 'same', epsilon: 1e-3 }

/**
 * Builds an EfficientNet with the given weights, in timm's names or those of the ports (told by the first convolution's). Levels are the outputs of stages 1 to `through`, before any activation.
 * @throws ImIadError IM_IAD_E_PARAMETER when a parameter is missing or has another shape
 */
export function createEfficientNetwork(
  tf: TensorEngine,
  { architecture, through, weights, use }: EfficientNetworkOptions,
): FeatureNetwork<StageName> {
  const naming = namingOf(weights.keys())
  const layers = efficientLayers(architecture, through, naming)
  const parameters = createNetworkParameters(tf, efficientParameterLayers(architecture, through, naming), { weights, use }, STYLE.epsilon)
  return assembleNetwork({
    layers,
    parameters,
    use,
    features(images, mode) {
      const pass: Pass = { tf, parameters, mode, folded: use === 'folded', style: STYLE, activation: architecture.activation }
      let values = activate(pass, applyConvolution(pass, images, efficientStem(architecture, naming)))
      return layers.map(({ blocks }) => {
        for (const block of blocks) values = invertedResidual(pass, values, block)
        return values
      })
    },
  })
}

interface Pass extends ForwardPass {
  readonly activation: EfficientArchitecture['activation']
}

function invertedResidual(pass: Pass, input: Tensor4D, { expand, depthwise, squeeze, project, residual }: EfficientBlock): Tensor4D {
  const expanded = expand === null ? input : activate(pass, applyConvolution(pass, input, expand))
  const filtered = activate(pass, applyConvolution(pass, expanded, depthwise))
  const weighted = squeeze === null ? filtered : squeezeAndExcite(pass, filtered, squeeze)
  const projected = applyConvolution(pass, weighted, project)
  return residual ? pass.tf.add(projected, input) : projected
}

/** Weighs each channel by a number between 0 and 1 that is computed from the means of all channels. */
function squeezeAndExcite(pass: Pass, values: Tensor4D, { reduce, expand }: SqueezeExcitation): Tensor4D {
  const { tf, parameters } = pass
  const dense = (means: Tensor4D, name: string): Tensor4D =>
    tf.add(tf.conv2d(means, parameters.get(`${name}.weight`) as Tensor4D, 1, 'valid'), parameters.get(`${name}.bias`))
  const means = tf.mean<Tensor4D>(values, [1, 2], true)
  return tf.mul(values, tf.sigmoid(dense(activate(pass, dense(means, reduce)), expand)))
}

function activate({ tf, activation }: Pass, values: Tensor4D): Tensor4D {
  return activation === 'relu6' ? tf.relu6(values) : tf.mul(values, tf.sigmoid(values))
}
