import type { PixelImage } from '../pixel-image.ts'
import { isRunLengthCoded, readBmpHeader, type BmpHeader } from './bmp-header.ts'
import { readPaletteIndices } from './palette-indices.ts'
import { decodeRuns } from './run-lengths.ts'

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d
}

/**
 * Windows bitmaps of 1, 4, 8, 16, 24 and 32 bits per pixel, with palettes, run lengths and bit fields; libvips reads none, and the decoders on npm
 * (bmp-ts 1.0, fast-bmp 4.0) give wrong colours for palettes. Alpha is dropped; a palette of greys gives 1 channel.
 * @throws Error for a damaged or truncated file
 */
export function decodeBmp(bytes: Uint8Array, maximumPixels?: number): PixelImage {
  const header = readBmpHeader(bytes, maximumPixels)
  if (header.palette !== null) return paint(indicesOf(bytes, header), header.palette, header)
  checkLength(bytes, header)
  if (header.masks !== null) return readMasked(bytes, header, header.masks)
  return readBgr(bytes, header)
}

function indicesOf(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  if (isRunLengthCoded(header)) return decodeRuns(bytes, header)
  checkLength(bytes, header)
  return readPaletteIndices(bytes, header)
}

function checkLength(bytes: Uint8Array, { offset, rowBytes, height }: BmpHeader): void {
  const needed = offset + rowBytes * height
  if (bytes.length < needed) throw new Error(`it is truncated: ${bytes.length} of ${needed} bytes are there`)
}

/** Rows are stored from the bottom up, unless the header says otherwise. */
function rowStart({ offset, rowBytes, height, topDown }: BmpHeader, y: number): number {
  return offset + (topDown ? y : height - 1 - y) * rowBytes
}

function paint(indices: Uint8Array, palette: Uint8Array, { width, height, topDown }: BmpHeader): PixelImage {
  const channels = isGrey(palette) ? 1 : 3
  const data = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    let from = (topDown ? y : height - 1 - y) * width
    const end = (y + 1) * width * channels
    for (let to = y * width * channels; to < end; from++)
      for (let channel = 0; channel < channels; channel++) data[to++] = palette[indices[from] * 3 + channel]
  }
  return { width, height, channels, data }
}

function isGrey(palette: Uint8Array): boolean {
  for (let index = 0; index < palette.length; index += 3)
    if (palette[index] !== palette[index + 1] || palette[index] !== palette[index + 2]) return false
  return true
}

/** 24 bits, or 32 with the fourth byte unused. */
function readBgr(bytes: Uint8Array, header: BmpHeader): PixelImage {
  const { width, height, bits } = header
  const step = bits / 8
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, to = 0; y < height; y++) {
    let from = rowStart(header, y)
    for (let x = 0; x < width; x++, from += step, to += 3) {
      data[to] = bytes[from + 2]
      data[to + 1] = bytes[from + 1]
      data[to + 2] = bytes[from]
    }
  }
  return { width, height, channels: 3, data }
}

/** 16 or 32 bits with a mask for each of red, green and blue. */
function readMasked(bytes: Uint8Array, header: BmpHeader, masks: readonly number[]): PixelImage {
  const { width, height, bits } = header
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
    return { mask, shift, maximum: Math.max(1, mask >>> shift) }
  })
  const data = new Uint8Array(width * height * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    const start = rowStart(header, y)
    for (let x = 0; x < width; x++) {
      const pixel = bits === 16 ? view.getUint16(start + x * 2, true) : view.getUint32(start + x * 4, true)
      for (const { mask, shift, maximum } of fields) data[to++] = Math.floor((((pixel & mask) >>> shift) * 255) / maximum)
    }
  }
  return { width, height, channels: 3, data }
}
