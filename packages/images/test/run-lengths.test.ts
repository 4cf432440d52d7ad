import { describe, expect, it } from 'vitest'
import { decodeImage } from '../src/index.ts'

const WIDTH = 28
const HEIGHT = 3

/** A bitmap whose palette colour n is the grey level n. */
function bitmap(bits: 4 | 8, codes: readonly number[]): Uint8Array {
  const colors = 2 ** bits
  const offset = 54 + colors * 4
  const bytes = new Uint8Array(offset + codes.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(10, offset, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, WIDTH, true)
  view.setInt32(22, HEIGHT, true)
  view.setUint16(28, bits, true)
  view.setUint32(30, bits === 8 ? 1 : 2, true)
  for (let color = 0; color < colors; color++) bytes.fill(color, 54 + color * 4, 57 + color * 4)
  bytes.set(codes, offset)
  return bytes
}

/** The palette indices of each row in hexadecimal, in the order of the file: from the bottom up; zeros at the end are left out. */
async function rowsOf(bits: 4 | 8, codes: readonly number[]): Promise<string[]> {
  const { data } = await decodeImage(bitmap(bits, codes), 'a.bmp')
  return [2, 1, 0].map((row) => {
    const levels = data.subarray(row * WIDTH, (row + 1) * WIDTH)
    return Array.from(levels, (level) => level.toString(16))
      .join(' ')
      .replace(/( 0)+$/, '')
  })
}

describe('run lengths of bitmaps', () => {
  // The two examples of "Bitmap Compression" in Microsoft's Win32 documentation.
  it('decodes the published example of BI_RLE8', async () => {
    const codes = [3, 4, 5, 6, 0, 3, 0x45, 0x56, 0x67, 0, 2, 0x78, 0, 2, 5, 1, 2, 0x78, 0, 0, 9, 0x1e, 0, 1]
    expect(await rowsOf(8, codes)).toEqual(['4 4 4 6 6 6 6 6 45 56 67 78 78', `${'0 '.repeat(18)}78 78`, '1e 1e 1e 1e 1e 1e 1e 1e 1e'])
  })

  it('decodes the published example of BI_RLE4', async () => {
    const codes = [3, 4, 5, 6, 0, 6, 0x45, 0x56, 0x67, 0, 4, 0x78, 0, 2, 5, 1, 4, 0x78, 0, 0, 9, 0x1e, 0, 1]
    expect(await rowsOf(4, codes)).toEqual(['0 4 0 0 6 0 6 0 4 5 5 6 6 7 7 8 7 8', `${'0 '.repeat(23)}7 8 7 8`, '1 e 1 e 1 e 1 e 1'])
  })

  it('skips the half byte and the byte that fill up an odd literal run', async () => {
    const codes = [0, 3, 0x12, 0x30, 2, 0x45, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 2, 0x67, 0, 1]
    expect(await rowsOf(4, codes)).toEqual(['1 2 3 4 5', '1 2 3 4 5 6 7', '0'])
  })

  it('leaves out what runs beyond the end of a row', async () => {
    expect(await rowsOf(8, [255, 7, 0, 1])).toEqual([Array.from({ length: WIDTH }).fill('7').join(' '), '0', '0'])
  })
})
