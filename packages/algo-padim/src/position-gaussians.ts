import type { FitRequest, ImageBatch } from '@im-iad/core'
import { createGaussianAccumulator, factorGaussians, type GaussianAccumulator, type GaussianField } from '@im-iad/linalg'
import type { Grid, PatchFeatures } from '@im-iad/nn'
import type { PadimParameters } from './parameters.ts'

/** One Gaussian per position of a grid. */
export interface PositionGaussians {
  readonly grid: Grid
  readonly field: GaussianField
}

/** Share of the progress that extracting features is given; factorising gets the rest. */
const EXTRACTION_SHARE = 0.9

/**
 * Mean and covariance per position in one pass over the training images, covariance unbiased plus `regularization` on the diagonal (Defard et al., equation 1), factorised.
 * With one image the covariance is the regularisation alone.
 */
export async function fitGaussians(
  { samples, signal, onProgress }: FitRequest,
  parameters: PadimParameters,
  embed: (batch: ImageBatch) => Promise<PatchFeatures>,
): Promise<PositionGaussians> {
  let accumulated: { readonly accumulator: GaussianAccumulator; readonly grid: Grid } | null = null
  let done = 0
  for await (const batch of samples.batches(parameters.batchSize)) {
    signal.throwIfAborted()
    const { height, width, dimension, data } = await embed(batch)
    accumulated ??= { accumulator: createGaussianAccumulator(height * width, dimension), grid: { height, width } }
    const size = height * width * dimension
    for (let image = 0; image < batch.count; image++) accumulated.accumulator.add(data.subarray(image * size, (image + 1) * size))
    done += batch.count
    onProgress({ fraction: (EXTRACTION_SHARE * done) / samples.length, stage: 'extracting features' })
  }
  if (accumulated === null) throw new RangeError('there are no training images')
  const { accumulator, grid } = accumulated
  const field = factorGaussians(accumulator, parameters.regularization)
  onProgress({ fraction: 1, stage: 'factorising covariances' })
  return { grid, field }
}
