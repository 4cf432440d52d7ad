import { readFile } from 'node:fs/promises'
import { emptyImage, heicImage, undecodableImage } from './errors.ts'
import { decodeBmp, isBmp } from './decode-bmp.ts'
import { loadSharp, type Sharp } from './load-sharp.ts'
import type { PixelImage } from './pixel-image.ts'

/**
 * Decodes JPEG, PNG (8 and 16 bit), TIFF, BMP and WebP to 8 bits per channel: grey pictures to 1 channel, all others to RGB.
 * EXIF orientation is applied; transparency is dropped and colour profiles are ignored, as Pillow's `convert('RGB')` does.
 * 16-bit values lose their low byte.
 * @param name - the file's path or name, for messages
 * @throws ImIadError IM_IAD_E_IMAGE for an empty, truncated, damaged or unknown file
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<PixelImage> {
  if (bytes.length === 0) throw emptyImage(name)
  if (isHeic(bytes)) throw heicImage(name)
  try {
    return isBmp(bytes) ? await decodeBmp(bytes) : await decodeWithSharp(await loadSharp(), bytes)
  } catch (error) {
    throw undecodableImage(name, error)
  }
}

/** Reads and decodes a file. @throws ImIadError IM_IAD_E_IMAGE */
export async function readImage(path: string): Promise<PixelImage> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw undecodableImage(path, error)
  })
  return decodeImage(bytes, path)
}

const GREY_SPACES: readonly string[] = ['b-w', 'grey16']

async function decodeWithSharp(sharp: Sharp, bytes: Uint8Array): Promise<PixelImage> {
  const input = sharp(bytes, { failOn: 'truncated', limitInputPixels: false, ignoreIcc: true, autoOrient: true })
  const { space, channels } = await input.metadata()
  const isGrey = channels <= 2 && GREY_SPACES.includes(space)
  const { data, info } = await input
    .removeAlpha()
    .toColourspace(isGrey ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels === 1 ? 1 : 3, data }
}

/** ISO base media files whose brand is one of HEIF's with HEVC inside. */
function isHeic(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(bytes.subarray(4, 12))
  return text.startsWith('ftyp') && ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'].includes(text.slice(4))
}
