import type { FeatureExtractor, ImageBatch } from '@im-iad/core'
import { atScale } from './picture-scale.ts'

/** Features of pictures at one scale. */
export interface ScaleFeatures {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** float32 `[count, height, width, channels]`. */
  readonly data: Float32Array
}

/** A frozen backbone's features of pictures at every scale. */
export async function extractScales(
  extractor: FeatureExtractor,
  batch: ImageBatch,
  stride: number,
  scales: number,
): Promise<readonly ScaleFeatures[]> {
  const result: ScaleFeatures[] = []
  for (let scale = 0; scale < scales; scale++) {
    const [{ height, width, level, data }] = await extractor.extract(atScale(batch, scale), [stride])
    result.push({ height, width, channels: level.channels, data })
  }
  return result
}
