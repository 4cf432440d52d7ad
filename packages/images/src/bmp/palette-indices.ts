import type { BmpHeader } from './bmp-header.ts'

/** Palette indices of an uncompressed bitmap of 1, 4 or 8 bits per pixel, `[height, width]` in the file's order of rows. */
export function readPaletteIndices(bytes: Uint8Array, { width, height, bits, offset, rowBytes }: BmpHeader): Uint8Array {
  const perByte = 8 / bits
  const mask = 2 ** bits - 1
  const indices = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const start = offset + row * rowBytes
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1)
      indices[row * width + x] = (bytes[start + Math.floor(x / perByte)] >> shift) & mask
    }
  }
  return indices
}
