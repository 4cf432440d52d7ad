import { malformedMap } from './errors.ts'
import type { FloatMap } from './float-map.ts'

/** Byte 0x93 and `NUMPY`. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)

/** NumPy's `.npy`, version 1.0 (NEP 1): float32, little-endian, C order, `[height, width]`. */
export function encodeNpy({ width, height, data }: FloatMap): Uint8Array {
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}), }`
  const length = Math.ceil((10 + description.length + 1) / 64) * 64
  const bytes = new Uint8Array(length + data.length * 4)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  bytes[6] = 1
  view.setUint16(8, length - 10, true)
  bytes.set(new TextEncoder().encode(description.padEnd(length - 11) + '\n'), 10)
  for (let index = 0; index < data.length; index++) view.setFloat32(length + index * 4, data[index], true)
  return bytes
}

/** Bytes; that of a map takes about a hundred. */
const LONGEST_HEADER = 65_536

/** Whether the bytes start like an `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && MAGIC.every((byte, index) => bytes[index] === byte)
}

/**
 * Reads a map from `.npy`, versions 1 to 3: float32, float64, integers of up to 32 bits, booleans; either byte order, C or Fortran order; `[H, W]`, `[1, H, W]`
 * or `[H, W, 1]`.
 * @param name - the file's path or name, for messages
 * @throws ImIadError IM_IAD_E_MAP when it is something else
 */
export function decodeNpy(bytes: Uint8Array, name: string): FloatMap {
  if (!isNpy(bytes)) throw malformedMap(name, 'it does not start like an .npy file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = bytes[6] > 1
  const start = (wide ? 12 : 10) + (wide ? view.getUint32(8, true) : view.getUint16(8, true))
  if (start > Math.min(bytes.length, LONGEST_HEADER)) throw malformedMap(name, 'it is truncated within its header, or no map')
  const header = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, start))
  const { type, fortran, shape } = parseHeader(header, name)
  const [height, width] = planeOf(shape, name)
  const read = READERS[type.slice(1)]
  if (read === undefined)
    throw malformedMap(name, `its values are of type "${type}"; float32, float64 and integers of up to 32 bits are read`)
  const count = width * height
  if (bytes.length < start + count * read.size) throw malformedMap(name, `it is truncated: ${width}x${height} values are announced`)
  const littleEndian = !type.startsWith('>')
  const values = new Float32Array(count)
  for (let index = 0; index < count; index++) values[index] = read.value(view, start + index * read.size, littleEndian)
  return { width, height, data: fortran ? transpose(values, width, height) : values }
}

/** `[width, height]` to `[height, width]`. */
function transpose(values: Float32Array, width: number, height: number): Float32Array {
  const data = new Float32Array(values.length)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) data[row * width + column] = values[column * height + row]
  return data
}

interface Reader {
  readonly size: number
  readonly value: (view: DataView, offset: number, littleEndian: boolean) => number
}

const READERS: Readonly<Record<string, Reader | undefined>> = {
  f4: { size: 4, value: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { size: 8, value: (view, offset, little) => view.getFloat64(offset, little) },
  u1: { size: 1, value: (view, offset) => view.getUint8(offset) },
  b1: { size: 1, value: (view, offset) => view.getUint8(offset) },
  i1: { size: 1, value: (view, offset) => view.getInt8(offset) },
  u2: { size: 2, value: (view, offset, little) => view.getUint16(offset, little) },
  i2: { size: 2, value: (view, offset, little) => view.getInt16(offset, little) },
  u4: { size: 4, value: (view, offset, little) => view.getUint32(offset, little) },
  i4: { size: 4, value: (view, offset, little) => view.getInt32(offset, little) },
}

function parseHeader(
  header: string,
  name: string,
): { readonly type: string; readonly fortran: boolean; readonly shape: readonly number[] } {
  const type = /'descr':\s*'([<>|=]?[a-z]\d+)'/.exec(header)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]
  if (type === undefined || order === undefined || shape === undefined) throw malformedMap(name, 'its header names no type, order or shape')
  const sizes = shape.split(',').filter((size) => size.trim() !== '')
  return { type: /^[<>|=]/.test(type) ? type : `=${type}`, fortran: order === 'True', shape: sizes.map(Number) }
}

/** Height and width of `[H, W]`, `[1, H, W]` or `[H, W, 1]`; a dimension of 1 changes nothing about the order of values. */
function planeOf(shape: readonly number[], name: string): readonly [number, number] {
  const plane = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape
  const [height = 0, width = 0] = plane
  if (plane.length !== 2 || height < 1 || width < 1)
    throw malformedMap(name, `its shape is (${shape.join(', ')}); (height, width) is expected`)
  return [height, width]
}
