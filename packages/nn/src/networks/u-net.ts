import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { NamedTensor } from '@im-iad/weights'
import type { TensorEngine } from '../engines/engine-request.ts'
import { batchNormalize, type NetworkMode } from '../layers/batch-normalize.ts'
import { convolve } from '../layers/convolve.ts'
import { createParameters, type ParameterSet, type ParameterUse } from '../parameters/parameter-set.ts'
import { uNetConvolutions, uNetParameters, type NamedConvolution, type UNetArchitecture } from './u-net-architecture.ts'

export interface UNet {
  /** What an optimiser changes, by PyTorch's names; empty when frozen. */
  readonly variables: ReadonlyMap<string, Variable>
  readonly parameters: ParameterSet
  /**
   * `[count, height, width, input channels]` to `[count, height, width, output channels]`; height and width are multiples of 2 to the number of decoder levels. Call it inside `tf.tidy` or a
   * gradient function.
   * @param onBlock - told every block's output by its name, in order: for comparisons with another implementation
   */
  forward(values: Tensor4D, mode: NetworkMode, onBlock?: (name: string, values: Tensor4D) => void): Tensor4D
  dispose(): void
}

/** Builds a U-net with weights in PyTorch's layout. @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape */
export function createUNet(
  tf: TensorEngine,
  architecture: UNetArchitecture,
  weights: ReadonlyMap<string, NamedTensor>,
  use: ParameterUse,
): UNet {
  const parameters = createParameters(tf, uNetParameters(architecture), weights, use)
  const convolutions = uNetConvolutions(architecture)
  return {
    variables: parameters.trained,
    parameters,
    forward(input, mode, onBlock = () => undefined) {
      const pass: Pass = { tf, parameters, mode }
      const levels: Tensor4D[] = []
      for (const [index, block] of convolutions.encoder.entries()) {
        const finer = levels.at(-1)
        levels.push(convolutionBlock(pass, finer === undefined ? input : tf.maxPool(finer, 2, 2, 0), block))
        onBlock(architecture.encoder[index].name, levels[index])
      }
      let values = levels[levels.length - 1]
      for (const [index, { up, block }] of convolutions.decoder.entries()) {
        const [, height, width] = values.shape
        const larger = normalizedConvolution(pass, tf.image.resizeBilinear(values, [2 * height, 2 * width], true), up)
        const joined = architecture.skips ? tf.concat4d([larger, levels[levels.length - 2 - index]], 3) : larger
        values = convolutionBlock(pass, joined, block)
        onBlock(architecture.decoder[index].block.name, values)
      }
      const { convolution } = convolutions.output
      const output = convolve(tf, values, parameters.get(`${convolution}.weight`), { stride: 1, padding: 1 })
      return tf.add(output, parameters.get(`${convolution}.bias`))
    },
    dispose: () => parameters.dispose(),
  }
}

interface Pass {
  readonly tf: TensorEngine
  readonly parameters: ParameterSet
  readonly mode: NetworkMode
}

function convolutionBlock(pass: Pass, input: Tensor4D, convolutions: readonly NamedConvolution[]): Tensor4D {
  return convolutions.reduce((values, convolution) => normalizedConvolution(pass, values, convolution), input)
}

function normalizedConvolution({ tf, parameters, mode }: Pass, input: Tensor4D, { convolution, norm }: NamedConvolution): Tensor4D {
  const convolved = convolve(tf, input, parameters.get(`${convolution}.weight`), { stride: 1, padding: 1 })
  const normalization = {
    scale: parameters.get(`${norm}.weight`),
    offset: parameters.get(`${norm}.bias`),
    runningMean: parameters.get(`${norm}.running_mean`),
    runningVariance: parameters.get(`${norm}.running_var`),
    convolutionBias: parameters.get(`${convolution}.bias`),
  }
  return tf.relu(batchNormalize(tf, convolved, normalization, mode))
}
