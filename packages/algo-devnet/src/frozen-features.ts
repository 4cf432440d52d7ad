import { open, type FileHandle } from 'node:fs/promises'
import type { FeatureExtractor, ImageBatch, TrainingSamples } from '@im-iad/core'
import { atScale } from './picture-scale.ts'

/** Features of one picture at one scale. */
export interface ScaleFeatures {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** float32 `[count, height, width, channels]`. */
  readonly data: Float32Array
}

/** The frozen backbone's features of all training pictures, on disk. */
export interface StoredFeatures {
  /** Of one picture, a scale after the other. */
  at(index: number): Promise<readonly ScaleFeatures[]>
  close(): Promise<void>
}

/** Features of pictures at every scale. */
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

/**
 * Extracts the features of all pictures, one picture at a time (so that they do not depend on how a training was interrupted), into a file.
 * @param file - is made or emptied
 * @param onPicture - told after each; may throw
 */
export async function storeFeatures(
  samples: TrainingSamples,
  extract: (batch: ImageBatch) => Promise<readonly ScaleFeatures[]>,
  file: string,
  onPicture: (index: number, features: readonly ScaleFeatures[]) => void,
): Promise<StoredFeatures> {
  const handle = await open(file, 'w+')
  try {
    let shapes: readonly ScaleFeatures[] = []
    const { height, width } = samples
    for (let index = 0; index < samples.length; index++) {
      const { pixels } = await samples.at(index)
      const features = await extract({ count: 1, height, width, pixels })
      const row = Buffer.concat(features.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)))
      await handle.write(row, 0, row.length, index * row.length)
      shapes = features
      onPicture(index, features)
    }
    return { at: (index) => readRow(handle, index, shapes), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readRow(handle: FileHandle, index: number, shapes: readonly ScaleFeatures[]): Promise<readonly ScaleFeatures[]> {
  const row = new Float32Array(shapes.reduce((sum, { data }) => sum + data.length, 0))
  await handle.read(new Uint8Array(row.buffer), 0, row.byteLength, index * row.byteLength)
  let start = 0
  return shapes.map(({ height, width, channels, data }) => {
    const own = row.subarray(start, start + data.length)
    start += data.length
    return { height, width, channels, data: own }
  })
}
