import { fromBfloat, fromHalf } from './half.ts'

/** Types of stored numbers, by the names of safetensors. */
export type ElementType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL'

/** How one number is stored, little-endian. */
export interface ElementCodec {
  readonly bytes: number
  readonly at: (view: DataView, position: number) => number
}

/** What is stored as float32 already is given back bit by bit; float64 and integers beyond 2^24 are rounded to the nearest float32. */
const CODECS: Readonly<Record<ElementType, ElementCodec>> = {
  F64: { bytes: 8, at: (view, position) => view.getFloat64(position, true) },
  F32: { bytes: 4, at: (view, position) => view.getFloat32(position, true) },
  F16: { bytes: 2, at: (view, position) => fromHalf(view.getUint16(position, true)) },
  BF16: { bytes: 2, at: (view, position) => fromBfloat(view.getUint16(position, true)) },
  I64: { bytes: 8, at: (view, position) => Number(view.getBigInt64(position, true)) },
  I32: { bytes: 4, at: (view, position) => view.getInt32(position, true) },
  I16: { bytes: 2, at: (view, position) => view.getInt16(position, true) },
  I8: { bytes: 1, at: (view, position) => view.getInt8(position) },
  U8: { bytes: 1, at: (view, position) => view.getUint8(position) },
  BOOL: { bytes: 1, at: (view, position) => (view.getUint8(position) === 0 ? 0 : 1) },
}

export const ELEMENT_TYPES: readonly string[] = Object.keys(CODECS)

export function isElementType(value: unknown): value is ElementType {
  return typeof value === 'string' && Object.hasOwn(CODECS, value)
}

export function codecOf(type: ElementType): ElementCodec {
  return CODECS[type]
}

/** Numbers that lie one after another, as float32. `bytes` are taken over where they are float32 already. */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, type: ElementType): Float32Array {
  const { bytes: size, at } = CODECS[type]
  const count = bytes.length / size
  if (type === 'F32' && bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const values = new Float32Array(count)
  for (let index = 0; index < count; index++) values[index] = at(view, index * size)
  return values
}
