import type { PixelImage } from '../../src/index.ts'

/** The same integers as `chirp` of `fixtures/make-references.py`: stripes that grow finer to the lower right, up to the pixel. */
export function chirp(width: number, height: number, channels: 1 | 3): PixelImage {
  const data = new Uint8Array(width * height * channels)
  for (let y = 0, index = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++) data[index++] = ((3 * x * x + 5 * y * y + x * y) >> 6) + channel * 85
  return { width, height, channels, data }
}
