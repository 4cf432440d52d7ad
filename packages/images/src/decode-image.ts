import { readFile } from 'node:fs/promises'
import { decodeBmp, isBmp } from './bmp/decode-bmp.ts'
import { emptyImage, heicImage, undecodableImage, unreadableImage } from './errors.ts'
import { loadSharp, type Sharp } from './load-sharp.ts'
import type { PixelImage } from './pixel-image.ts'
import { cmykToRgb, highBytes } from './stored-pixels.ts'

/** What a stranger's file may ask for. */
export interface DecodeLimits {
  /** Width times height above which a file is refused by its header, before anything is decoded; 268 million when absent. */
  readonly maximumPixels?: number | undefined
}

/**
 * Decodes JPEG, PNG (1 to 16 bits), TIFF, BMP and WebP to 8 bits per channel at full size: grey pictures to 1 channel, all others to RGB.
 * EXIF orientation is applied. Pixels are Pillow's `convert('RGB')`: transparency is dropped, colour profiles are ignored, 16-bit values keep their
 * high byte, CMYK is converted without a profile. (16-bit grey differs on purpose: Pillow clips it at 255.)
 * @param name - the file's path or name, for messages
 * @throws ImIadError IM_IAD_E_IMAGE for an empty, truncated, damaged, unknown or too large file
 */
export async function decodeImage(bytes: Uint8Array, name: string, { maximumPixels }: DecodeLimits = {}): Promise<PixelImage> {
  if (bytes.length === 0) throw emptyImage(name)
  const sharp = isBmp(bytes) ? null : await loadSharp()
  try {
    return sharp === null ? decodeBmp(bytes, maximumPixels) : await decodeWithSharp(sharp, bytes, maximumPixels)
  } catch (error) {
    throw isHeic(bytes) ? heicImage(name, error) : undecodableImage(name, error)
  }
}

/** Reads and decodes a file. @throws ImIadError IM_IAD_E_IMAGE */
export async function readImage(path: string): Promise<PixelImage> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadableImage(path, error)
  })
  return decodeImage(bytes, path)
}

/** Where libvips leaves stored values as they are. */
const STORED_SPACES: readonly string[] = ['b-w', 'grey16', 'srgb', 'rgb16', 'cmyk']

async function decodeWithSharp(sharp: Sharp, bytes: Uint8Array, limit: number | undefined): Promise<PixelImage> {
  // "error" also catches truncated TIFFs and broken PNG checksums, which "truncated" lets pass.
  const limits = limit === undefined ? {} : { limitInputPixels: limit }
  const input = sharp(bytes, { failOn: 'error', ignoreIcc: true, autoOrient: true, ...limits })
  const { space, depth } = await input.metadata()
  if (!STORED_SPACES.includes(space)) throw new Error(`its colour space is "${space}"; grey, RGB and CMYK are read`)
  if (depth !== 'uchar' && depth !== 'ushort') throw new Error(`its values are of type "${depth}"; pictures have 8 or 16 bits per channel`)
  // The same space on the way in and out: libvips converts nothing.
  const { data, info } = await input
    .pipelineColourspace(space)
    .removeAlpha()
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const levels = depth === 'ushort' ? highBytes(data) : data
  if (space === 'cmyk') return { width, height, channels: 3, data: cmykToRgb(levels) }
  return { width, height, channels: info.channels === 1 ? 1 : 3, data: levels }
}

const HEIC_BRANDS: readonly string[] = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1']

/** Whether this is an ISO base media file whose brand is one of HEIF's. */
function isHeic(bytes: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(bytes.subarray(4, 12))
  return text.startsWith('ftyp') && HEIC_BRANDS.includes(text.slice(4))
}
