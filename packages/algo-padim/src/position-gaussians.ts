import type { FitRequest, ImageBatch } from '@im-iad/core'
import { createGaussianAccumulator, factorCholesky, packedLength, squaredMahalanobis, type GaussianAccumulator } from '@im-iad/linalg'
import type { PositionFeatures } from './embed-positions.ts'
import type { PadimParameters } from './parameters.ts'

/** One Gaussian per position. */
export interface PositionGaussians {
  readonly height: number
  readonly width: number
  readonly dimension: number
  /** float32 `[positions, dimension]`. */
  readonly means: Float32Array
  /** Packed lower Cholesky factors of the covariances, float32 `[positions, dimension (dimension + 1) / 2]`. */
  readonly factors: Float32Array
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
  embed: (batch: ImageBatch) => Promise<PositionFeatures>,
): Promise<PositionGaussians> {
  let accumulated: { readonly accumulator: GaussianAccumulator; readonly height: number; readonly width: number } | null = null
  let done = 0
  for await (const batch of samples.batches(parameters.batchSize)) {
    signal.throwIfAborted()
    const { height, width, dimension, data } = await embed(batch)
    accumulated ??= { accumulator: createGaussianAccumulator(height * width, dimension), height, width }
    const size = height * width * dimension
    for (let image = 0; image < batch.count; image++) accumulated.accumulator.add(data.subarray(image * size, (image + 1) * size))
    done += batch.count
    onProgress({ fraction: (EXTRACTION_SHARE * done) / samples.length, stage: 'extracting features' })
  }
  if (accumulated === null) throw new RangeError('there are no training images')
  const { accumulator, height, width } = accumulated
  const gaussians = factorise(accumulator, parameters.regularization)
  onProgress({ fraction: 1, stage: 'factorising covariances' })
  return { height, width, dimension: accumulator.dimension, ...gaussians }
}

function factorise(accumulator: GaussianAccumulator, regularization: number): Pick<PositionGaussians, 'means' | 'factors'> {
  const { positions, dimension } = accumulator
  const triangle = packedLength(dimension)
  const means = new Float32Array(positions * dimension)
  const factors = new Float32Array(positions * triangle)
  const mean = new Float64Array(dimension)
  const covariance = new Float64Array(triangle)
  for (let position = 0; position < positions; position++) {
    accumulator.mean(position, mean)
    accumulator.covariance(position, regularization, covariance)
    factorCholesky(covariance, dimension)
    means.set(mean, position * dimension)
    factors.set(covariance, position * triangle)
  }
  return { means, factors }
}

/** Mahalanobis distances, float32 `[count, height, width]` (Defard et al., equation 2). Position by position, so that a factor is read once for all images. */
export function mahalanobisMaps(
  { means, factors, dimension }: PositionGaussians,
  { height, width, data }: PositionFeatures,
  count: number,
): Float32Array {
  const positions = height * width
  const triangle = packedLength(dimension)
  const maps = new Float32Array(count * positions)
  const deltas = new Float64Array(count * dimension)
  const distances = new Float64Array(count)
  for (let position = 0; position < positions; position++) {
    for (let image = 0; image < count; image++) {
      const from = (image * positions + position) * dimension
      for (let index = 0; index < dimension; index++)
        deltas[image * dimension + index] = data[from + index] - means[position * dimension + index]
    }
    squaredMahalanobis(factors.subarray(position * triangle, (position + 1) * triangle), dimension, deltas, distances)
    for (let image = 0; image < count; image++) maps[image * positions + position] = Math.sqrt(distances[image])
  }
  return maps
}
