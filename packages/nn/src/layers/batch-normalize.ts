import { batchNormTraining } from '@im-iad/tfjs-onnxruntime'
import type { Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

/** `training`: statistics of the batch are used, running ones updated. `inference`: running ones are used. */
export type NetworkMode = 'training' | 'inference'

/** Parameters of one batch normalisation, each `[channels]`. */
export interface BatchNormalization {
  readonly scale: Tensor
  readonly offset: Tensor
  readonly runningMean: Tensor
  readonly runningVariance: Tensor
  /**
   * Bias of the convolution before, whose values come without it: normalisation takes it out again, so it need only be told from the running mean. Its gradient is exactly 0, and it stays as it is.
   */
  readonly convolutionBias?: Tensor
}

export interface NormalizationSettings {
  /** Added to the variance: PyTorch's default is 1e-5, networks that come from TensorFlow have 1e-3. */
  readonly epsilon: number
}

/** Added to the variance by PyTorch's default. */
export const PYTORCH_EPSILON = 1e-5

/** PyTorch's. */
const DEFAULTS: NormalizationSettings = { epsilon: PYTORCH_EPSILON }

/** How much of a batch goes into the running statistics: PyTorch's default. */
export const STATISTICS_MOMENTUM = 0.1

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of `[count, height, width, channels]` as PyTorch computes it: the biased variance normalises, the unbiased one goes into the running statistics,
 * both with momentum 0.1.
 */
export function batchNormalize(
  tf: TensorEngine,
  values: Tensor4D,
  parameters: BatchNormalization,
  mode: NetworkMode,
  { epsilon }: NormalizationSettings = DEFAULTS,
): Tensor4D {
  const { scale, offset, runningMean, runningVariance, convolutionBias } = parameters
  if (mode === 'inference') {
    const centre = convolutionBias === undefined ? runningMean : tf.sub(runningMean, convolutionBias)
    return tf.batchNorm(values, centre as Tensor1D, runningVariance as Tensor1D, offset as Tensor1D, scale as Tensor1D, epsilon)
  }
  const { result, mean, variance } = batchNormTraining(values, scale as Tensor1D, offset as Tensor1D, epsilon)
  const places = values.size / scale.size
  updateRunning(tf, runningMean, convolutionBias === undefined ? mean : tf.add(mean, convolutionBias), 1)
  updateRunning(tf, runningVariance, variance, places / Math.max(1, places - 1))
  return result
}

function updateRunning(tf: TensorEngine, running: Tensor, current: Tensor, correction: number): void {
  // Frozen parameters are no variables: their statistics stay.
  if (!('assign' in running)) return
  const variable = running as Variable
  variable.assign(tf.add(tf.mul(variable, 1 - STATISTICS_MOMENTUM), tf.mul(current, STATISTICS_MOMENTUM * correction)))
}
