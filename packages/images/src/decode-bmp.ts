import type { PixelImage } from './pixel-image.ts'

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d
}

/** Windows bitmaps of 1 to 32 bits, with palettes and run lengths; libvips, below sharp, reads none. @throws Error for a damaged file */
export async function decodeBmp(bytes: Uint8Array): Promise<PixelImage> {
  const { decode } = await import('bmp-ts')
  const { width, height, data } = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { toRGBA: true })
  const pixels = width * height
  if (pixels === 0 || data.length < pixels * 4) throw new Error('the bitmap holds fewer pixels than its header says')
  const rgb = new Uint8Array(pixels * 3)
  for (let pixel = 0; pixel < pixels; pixel++) {
    rgb[pixel * 3] = data[pixel * 4]
    rgb[pixel * 3 + 1] = data[pixel * 4 + 1]
    rgb[pixel * 3 + 2] = data[pixel * 4 + 2]
  }
  return { width, height, channels: 3, data: rgb }
}
