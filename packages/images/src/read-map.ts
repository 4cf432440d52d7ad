import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { emptyImage, malformedMap } from './errors.ts'
import type { FloatMap } from './float-map.ts'
import { loadSharp } from './load-sharp.ts'
import { decodeNpy } from './npy.ts'

/**
 * Reads an anomaly map: `.npy`, a TIFF with one channel of any depth (float32 as the MVTec scripts write it), or a grey PNG of 8 or 16 bits.
 * Values come as they are stored: never rescaled.
 * @throws ImIadError IM_IAD_E_MAP when it is none of these, or damaged
 */
export async function readMap(path: string): Promise<FloatMap> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw malformedMap(path, error.message)
  })
  if (bytes.length === 0) throw emptyImage(path)
  if (extname(path).toLowerCase() === '.npy') return decodeNpy(bytes, path)
  const sharp = await loadSharp()
  try {
    const input = sharp(bytes, { failOn: 'truncated', limitInputPixels: false, ignoreIcc: true })
    const { channels, depth, width, height } = await input.metadata()
    if (channels !== 1) throw new Error(`it has ${channels} channels; one is expected`)
    // Without a colour space of their own, 16-bit levels would be brought to 8 bits on the way.
    const { data } = await input
      .toColourspace(depth === 'ushort' ? 'grey16' : 'b-w')
      .raw({ depth: 'float' })
      .toBuffer({ resolveWithObject: true })
    return { width, height, data: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) }
  } catch (error) {
    throw malformedMap(path, error instanceof Error ? error.message : String(error))
  }
}
