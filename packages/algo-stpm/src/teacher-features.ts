import type { FeatureExtractor, FeatureMap, TrainingSamples } from '@im-iad/core'
import { openFeatureFile, type FeatureFile } from '@im-iad/nn'

/** What is added to nothing: features shorter than this are divided by it (PyTorch's `normalize`). */
export const SMALLEST_NORM = 1e-12

/**
 * The teacher's features of the training pictures, unit vectors, on disk; in the order of the strides.
 * @param file - is made or emptied
 */
export function openTeacherFeatures(
  extractor: FeatureExtractor,
  samples: TrainingSamples,
  strides: readonly number[],
  file: string,
): Promise<FeatureFile> {
  const { height, width } = samples
  return openFeatureFile(file, async (index) => {
    const { pixels } = await samples.at(index)
    const features = await extractor.extract({ count: 1, height, width, pixels }, strides)
    return features.map((map) => ({ height: map.height, width: map.width, channels: map.level.channels, data: unitVectors(map) }))
  })
}

/** Every position's features divided by their length; all zeros stay so. */
function unitVectors({ level: { channels }, data }: FeatureMap): Float32Array {
  const result = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += channels) {
    let squares = 0
    for (let channel = 0; channel < channels; channel++) squares += data[start + channel] ** 2
    const norm = Math.max(Math.sqrt(squares), SMALLEST_NORM)
    for (let channel = 0; channel < channels; channel++) result[start + channel] = data[start + channel] / norm
  }
  return result
}
