import type { BmpHeader } from './bmp-header.ts'

const END_OF_ROW = 0
const END_OF_BITMAP = 1
const MOVE = 2

/**
 * Palette indices of a bitmap compressed with BI_RLE8 or BI_RLE4, `[height, width]` in the file's order of rows; skipped pixels have index 0.
 * Code pairs are {count, value} for a run and {0, code} for the rest ("Bitmap Compression" in Microsoft's Win32 documentation).
 * @throws Error when the file ends before the bitmap does
 */
export function decodeRuns(bytes: Uint8Array, { width, height, bits, offset }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height)
  const perByte = 8 / bits
  let position = offset
  let row = 0
  let x = 0
  const next = (): number => {
    const byte = bytes[position++]
    if (byte === undefined) throw new Error('it is truncated within its pixels')
    return byte
  }
  const put = (byte: number, which: number): void => {
    if (x < width) indices[row * width + x] = bits === 8 ? byte : which % 2 === 0 ? byte >> 4 : byte & 15
    x++
  }
  while (row < height) {
    const count = next()
    const value = next()
    if (count > 0) {
      for (let which = 0; which < count; which++) put(value, which)
    } else if (value === END_OF_ROW) {
      row++
      x = 0
    } else if (value === END_OF_BITMAP) {
      break
    } else if (value === MOVE) {
      x += next()
      row += next()
    } else {
      const length = Math.ceil(value / perByte)
      for (let byte = 0, which = 0; byte < length; byte++) {
        const literal = next()
        for (let part = 0; part < perByte && which < value; part++) put(literal, which++)
      }
      // Literal runs fill an even number of bytes.
      if (length % 2 === 1) position++
    }
  }
  return indices
}
