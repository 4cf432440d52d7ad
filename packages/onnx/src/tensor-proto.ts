import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** The values of a constant. */
export type TensorData = Float32Array | BigInt64Array

const FLOAT = 1
const INT64 = 7

/**
 * TensorProto with its values as raw little-endian bytes.
 * @throws RangeError when the shape does not hold as many values
 */
export function writeTensor(name: string, data: TensorData, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length) throw new RangeError(`constant of shape [${shape.join(', ')}] needs ${count} values, got ${data.length}`)
  const writer = new BinaryWriter()
  for (const size of shape) writer.tag(1, WireType.Varint).int64(size)
  writer.tag(2, WireType.Varint).int32(data instanceof Float32Array ? FLOAT : INT64)
  writer.tag(8, WireType.LengthDelimited).string(name)
  writer.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return writer.finish()
}
