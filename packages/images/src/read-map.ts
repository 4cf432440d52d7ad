import { readFile } from 'node:fs/promises'
import { emptyImage, malformedMap } from './errors.ts'
import type { FloatMap } from './float-map.ts'
import { loadSharp, type Sharp } from './load-sharp.ts'
import { decodeNpy, isNpy } from './npy.ts'

/**
 * Reads an anomaly map: `.npy`, a TIFF with one channel (float32 as the MVTec scripts write it, or unsigned integers), or a grey PNG of 8 or 16 bits.
 * What the file holds decides, not its name. Values come as they are stored: never rescaled.
 * @throws ImIadError IM_IAD_E_MAP when it is none of these, or damaged; IM_IAD_E_IMAGE when it has zero bytes
 */
export async function readMap(path: string): Promise<FloatMap> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw malformedMap(path, error)
  })
  if (bytes.length === 0) throw emptyImage(path)
  if (isNpy(bytes)) return decodeNpy(bytes, path)
  const sharp = await loadSharp()
  try {
    return await decodeMap(sharp, bytes)
  } catch (error) {
    throw malformedMap(path, error)
  }
}

/** Colour spaces and types that libvips hands out untouched. It rounds float16 and clips signed 16-bit integers. */
const STORED_KINDS: readonly string[] = ['b-w uchar', 'b-w float', 'b-w int', 'b-w uint', 'grey16 ushort']

async function decodeMap(sharp: Sharp, bytes: Uint8Array): Promise<FloatMap> {
  const input = sharp(bytes, { failOn: 'error', ignoreIcc: true })
  const { channels, depth, space, bitsPerSample, pages = 1 } = await input.metadata()
  if (pages !== 1) throw new Error(`it has ${pages} pages; one is expected`)
  if (channels !== 1) throw new Error(`it has ${channels} channels; one is expected`)
  if (!STORED_KINDS.includes(`${space} ${depth}`)) throw new Error(`its values are of type ${bitsPerSample}-bit "${depth}"`)
  // The same space on the way in and out: libvips converts nothing.
  const { data, info } = await input
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Float32Array(data.buffer, data.byteOffset, data.length / 4) }
}
