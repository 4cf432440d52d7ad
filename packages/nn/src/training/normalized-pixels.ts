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

/**
 * A pixel has 256 values: they are normalised once and looked up.
 * @param start - where in `target` the first value goes
 */
export function writeNormalized(pixels: Uint8Array, { mean, std }: PixelNormalization, target: Float32Array, start: number): void {
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, pixel) => (pixel - mean[channel]) / std[channel]),
  )
  for (let value = 0, place = start; value < pixels.length; value += 3, place += 3) {
    target[place] = red[pixels[value]]
    target[place + 1] = green[pixels[value + 1]]
    target[place + 2] = blue[pixels[value + 2]]
  }
}
