import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** The values of a constant: float32, float64, int32, int64, or bool as bytes of 0 and 1. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array

/** Numbers of the element types in onnx.proto's TensorProto.DataType. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const

export type ElementType = keyof typeof ELEMENT_TYPES

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof Int32Array) return 'int32'
  return data instanceof BigInt64Array ? 'int64' : 'bool'
}

/** A message in two parts: its values are referred to, not copied, since weights are large. */
export interface TensorMessage {
  readonly head: Uint8Array
  readonly values: Uint8Array
}

/**
 * TensorProto with its values as raw little-endian bytes.
 * @throws RangeError when the shape does not hold as many values
 */
export function writeTensor(name: string, data: TensorData, shape: readonly number[]): TensorMessage {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length) throw new RangeError(`constant of shape [${shape.join(', ')}] needs ${count} values, got ${data.length}`)
  const writer = new BinaryWriter()
  for (const size of shape) writer.tag(1, WireType.Varint).int64(size)
  writer.tag(2, WireType.Varint).int32(ELEMENT_TYPES[elementTypeOf(data)])
  writer.tag(8, WireType.LengthDelimited).string(name)
  writer.tag(9, WireType.LengthDelimited).uint32(data.byteLength)
  return { head: writer.finish(), values: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}
