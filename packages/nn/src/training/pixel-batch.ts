import type { NamedTensor } from '@im-iad/weights'
import { writeNormalized } from './normalized-pixels.ts'

/** Decoded pictures that can be taken in any order; structurally core's TrainingSamples. */
export interface PixelSource {
  readonly height: number
  readonly width: number
  /** uint8 RGB, `[height, width, 3]`. */
  at(index: number): Promise<{ readonly pixels: Uint8Array }>
}

/** `(p - mean) / std` per RGB channel, in units of 0…255; structurally core's InputNormalization. */
export interface PixelNormalization {
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** A batch of normalised pictures, `[count, height, width, 3]`: what a training's `load` gives. The pictures are decoded beside one another. */
export async function pixelBatch(source: PixelSource, indices: readonly number[], normalization: PixelNormalization): Promise<NamedTensor> {
  const { height, width } = source
  const size = height * width * 3
  const data = new Float32Array(indices.length * size)
  await Promise.all(
    indices.map(async (index, place) => {
      const { pixels } = await source.at(index)
      writeNormalized(pixels.subarray(0, size), normalization, data, place * size)
    }),
  )
  return { shape: [indices.length, height, width, 3], data }
}
