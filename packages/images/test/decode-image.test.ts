import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeImage, encodeJpeg, encodePng, readImage, resample, toRgb } from '../src/index.ts'
import { chirp } from './support/chirp.ts'
import { readFixture } from './support/read-fixture.ts'

interface Case {
  readonly name: string
  /** Base64, as are the pixels. */
  readonly file: string
  readonly width: number
  readonly height: number
  readonly rgb: string
}

const { cases } = readFixture<{ readonly cases: readonly Case[] }>('pillow-decoding.json')
const files = new Map(cases.map(({ name, file }) => [name, new Uint8Array(Buffer.from(file, 'base64'))]))

function fileOf(name: string): Uint8Array {
  const bytes = files.get(name)
  if (bytes === undefined) throw new Error(`no reference file ${name}`)
  return bytes
}

describe('decodes what Pillow decodes, to the same pixels', () => {
  it.each(cases)('$name', async ({ name, width, height, rgb }) => {
    const image = await decodeImage(fileOf(name), name)
    expect({ width: image.width, height: image.height }).toEqual({ width, height })
    expect(Buffer.from(toRgb(image).data).equals(Buffer.from(rgb, 'base64'))).toBe(true)
  })

  it.each(['grey.png', 'grey-16.png', 'grey-alpha.png', 'two-levels.png', 'grey.jpg', 'grey.tif', 'grey.bmp', 'two-levels.bmp'])(
    'keeps %s at one channel',
    async (name) => {
      expect((await decodeImage(fileOf(name), name)).channels).toBe(1)
    },
  )

  it('brings one pixel to any size', async () => {
    const { data } = resample(await decodeImage(fileOf('one-pixel.png'), 'one-pixel.png'), { width: 256, height: 256, filter: 'lanczos' })
    expect(data).toHaveLength(256 * 256 * 3)
    expect(new Set(data.filter((_, index) => index % 3 === 1))).toEqual(new Set([125]))
  })
})

describe('refuses bad files, naming them', () => {
  const whole = [
    'subsampling-2.jpg',
    'progressive.jpg',
    'color.png',
    'palette.png',
    'grey-16.png',
    'color-raw.tif',
    'color-tiff_lzw.tif',
    'lossy.webp',
  ]
  const bitmaps = ['color.bmp', 'palette.bmp', 'two-levels.bmp', 'rle8.bmp', 'rle4.bmp', 'rgb565.bmp', 'os2.bmp']

  it.each([...whole, ...bitmaps].flatMap((name) => [0.1, 0.5, 0.9].map((share) => ({ name, share }))))(
    'the first $share of $name',
    async ({ name, share }) => {
      const bytes = fileOf(name)
      const part = bytes.subarray(0, Math.floor(bytes.length * share))
      await expect(decodeImage(part, `lot 7/${name}`)).rejects.toThrow(
        expect.objectContaining({ code: 'IM_IAD_E_IMAGE', message: expect.stringContaining(`lot 7/${name}`) as string }),
      )
    },
  )

  it('a PNG with a wrong checksum', async () => {
    const bytes = fileOf('color.png').slice()
    bytes[bytes.length >> 1] ^= 0xff
    await expect(decodeImage(bytes, 'a.png')).rejects.toThrow(/cannot decode the image \[IM_IAD_E_IMAGE\]\n {2}found: {3}a\.png/)
  })

  it('a bitmap whose header claims more than any memory holds', async () => {
    const bytes = fileOf('color.bmp').slice()
    new DataView(bytes.buffer).setInt32(18, 0x7fffffff, true)
    await expect(decodeImage(bytes, 'a.bmp')).rejects.toThrow(/its header announces 2147483647x17 pixels/)
  })

  it('a bitmap compressed as JPEG', async () => {
    const bytes = fileOf('color.bmp').slice()
    new DataView(bytes.buffer).setUint32(30, 4, true)
    await expect(decodeImage(bytes, 'a.bmp')).rejects.toThrow(/24 bits per pixel with compression 4 are not read/)
  })

  it('a file of zero bytes', async () => {
    await expect(decodeImage(new Uint8Array(), 'a.png')).rejects.toThrow(/the image file is empty \[IM_IAD_E_IMAGE\]\n {2}found: {3}a\.png/)
  })

  it('a file of another kind', async () => {
    const text = new TextEncoder().encode('image,score\ngood/001.png,0.25\n')
    await expect(decodeImage(text, 'scores.csv')).rejects.toThrow(/convert it to PNG \(JPEG, PNG, TIFF, BMP and WebP are read\)/)
  })

  it('HEIC, saying how to convert it', async () => {
    const heic = new Uint8Array(64)
    heic.set(new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0mif1heic'))
    await expect(decodeImage(heic, 'phone.heic')).rejects.toThrow(
      /HEIC images are not read[^]*phone\.heic[^]*heif-convert in\.heic out\.png/,
    )
  })

  it('a file that is not there', async () => {
    await expect(readImage('no/such.png')).rejects.toThrow(/cannot read the image file[^]*no\/such\.png[^]*ENOENT/)
  })
})

describe('encoding', () => {
  it.each([1, 3] as const)('gives %i channels back from PNG', async (channels) => {
    const image = chirp(31, 22, channels)
    expect(await decodeImage(await encodePng(image), 'a.png')).toEqual({ ...image, data: Buffer.from(image.data) })
  })

  it('reads a file that it wrote', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'im-iad-images-'))
    try {
      const path = join(folder, 'a.jpg')
      const flat = { width: 9, height: 5, channels: 3, data: new Uint8Array(9 * 5 * 3).fill(128) } as const
      await writeFile(path, await encodeJpeg(flat, 90))
      expect(await readImage(path)).toEqual({ ...flat, data: Buffer.from(flat.data) })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('makes smaller JPEGs at a lower quality', async () => {
    const image = chirp(64, 64, 3)
    expect((await encodeJpeg(image, 30)).length).toBeLessThan((await encodeJpeg(image, 95)).length)
  })
})

describe('a header that announces more pixels than memory holds', () => {
  /** A PNG of nothing but its header. */
  function pngHeader(width: number, height: number): Uint8Array {
    const chunk = (type: string, content: Uint8Array): Buffer => {
      const body = Buffer.concat([Buffer.from(type), content])
      const frame = Buffer.alloc(body.length + 8)
      frame.writeUInt32BE(content.length, 0)
      body.copy(frame, 4)
      frame.writeUInt32BE(crc32(body), body.length + 4)
      return frame
    }
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 2, 0, 0, 0], 8)
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(64))), chunk('IEND', Buffer.alloc(0))])
  }

  function bmpHeader(width: number, height: number): Uint8Array {
    const bytes = Buffer.alloc(64)
    bytes.write('BM')
    bytes.writeUInt32LE(54, 10)
    bytes.writeUInt32LE(40, 14)
    bytes.writeInt32LE(width, 18)
    bytes.writeInt32LE(height, 22)
    bytes.writeUInt16LE(24, 28)
    return bytes
  }

  it.each([
    ['png', pngHeader(2_000_000, 2_000_000)],
    ['bmp', bmpHeader(2_000_000, 2_000_000)],
    ['bmp within the limit', bmpHeader(16_000, 16_000)],
  ])('is refused: %s', async (name, bytes) => {
    await expect(decodeImage(bytes, name)).rejects.toMatchObject({ code: 'IM_IAD_E_IMAGE', facts: { found: name } })
  })
})

describe('a limit of pixels', () => {
  it.each(['grey.png', 'grey.jpg', 'grey.tif', 'grey.bmp'])('refuses %s above it and takes it at it', async (name) => {
    const { width, height } = await decodeImage(fileOf(name), name)
    expect(await decodeImage(fileOf(name), name, { maximumPixels: width * height })).toMatchObject({ width, height })
    await expect(decodeImage(fileOf(name), name, { maximumPixels: width * height - 1 })).rejects.toMatchObject({ code: 'IM_IAD_E_IMAGE' })
  })
})
