import type { PixelNormalization } from './pixel-batch.ts'

/** Pictures one after another; structurally core's ImageBatch. */
export interface PixelBatch {
  readonly count: number
  readonly height: number
  readonly width: number
  /** uint8 RGB, `[count, height, width, 3]`. */
  readonly pixels: Uint8Array
}

/** Normalised pictures, `[count, height, width, 3]`: what `predict` feeds a network with. */
export function normalizedPixels(
  { count, height, width, pixels }: PixelBatch,
  normalization: PixelNormalization,
): { readonly shape: [number, number, number, number]; readonly data: Float32Array } {
  const data = new Float32Array(count * height * width * 3)
  writeNormalized(pixels.subarray(0, data.length), normalization, data, 0)
  return { shape: [count, height, width, 3], data }
}

/** @param start - where in `target` the first value goes */
export function writeNormalized(pixels: Uint8Array, { mean, std }: PixelNormalization, target: Float32Array, start: number): void {
  for (let value = 0; value < pixels.length; value += 3)
    for (let channel = 0; channel < 3; channel++) target[start + value + channel] = (pixels[value + channel] - mean[channel]) / std[channel]
}
