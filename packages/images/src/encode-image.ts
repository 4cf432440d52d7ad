import { loadSharp } from './load-sharp.ts'
import type { PixelImage } from './pixel-image.ts'

/** PNG, 8 bits per channel, lossless. */
export async function encodePng({ width, height, channels, data }: PixelImage): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const image = sharp(data, { raw: { width, height, channels } })
  return (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer()
}

/** JPEG. @param quality - 1…100 */
export async function encodeJpeg({ width, height, channels, data }: PixelImage, quality: number): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return sharp(data, { raw: { width, height, channels } }).jpeg({ quality }).toBuffer()
}
