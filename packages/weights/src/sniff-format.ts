import type { ByteSource } from './bytes/byte-source.ts'

/** What a file is, told by how it begins; never by its name. */
export type FileFormat =
  | 'safetensors'
  | 'pytorch-legacy'
  | 'zip'
  | 'onnx'
  | 'pickle'
  | 'hdf5'
  | 'gzip'
  | 'web-page'
  | 'lfs-pointer'
  | 'unknown'

/** So many bytes tell. */
export const SNIFFED_BYTES = 512

/** `torch.save`'s magic number as a pickle writes it: LONG1, ten bytes. */
const LEGACY_MAGIC = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
/** Behind the protocol's number, and from protocol 4 on behind a frame's length. */
const LEGACY_PLACES = [2, 11]

export async function sniffSource(source: ByteSource): Promise<FileFormat> {
  return sniffFormat(await source.read(0, Math.min(source.size, SNIFFED_BYTES)))
}

/** @param start - the first {@link SNIFFED_BYTES}, or all there are */
export function sniffFormat(start: Uint8Array): FileFormat {
  const [first, , third] = start
  if (beginsWith(start, [0x50, 0x4b, 0x03, 0x04]) || beginsWith(start, [0x50, 0x4b, 0x05, 0x06])) return 'zip'
  if (first === 0x80 && LEGACY_PLACES.some((place) => beginsWith(start.subarray(place), LEGACY_MAGIC))) return 'pytorch-legacy'
  if (isSafetensors(start)) return 'safetensors'
  if (beginsWith(start, [0x89, 0x48, 0x44, 0x46])) return 'hdf5'
  if (beginsWith(start, [0x1f, 0x8b])) return 'gzip'
  const text = new TextDecoder('latin1').decode(start).trimStart()
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'web-page'
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return 'lfs-pointer'
  if (first === 0x80 && (start[1] ?? 255) <= 5 && third !== undefined) return 'pickle'
  return isOnnx(start) ? 'onnx' : 'unknown'
}

function beginsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}

/** Eight bytes of a length below 2^32, then a JSON object. */
function isSafetensors(start: Uint8Array): boolean {
  return start.length >= 9 && start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0)
}

/**
 * A ModelProto begins with its field 1, `ir_version` (a small number), and goes on with one of the fields 2 to 8 of text or messages
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
function isOnnx(start: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = start
  const fieldOf = next >> 3
  return tag === 0x08 && version >= 1 && version < 64 && fieldOf >= 2 && fieldOf <= 20 && ((next & 7) === 2 || (next & 7) === 0)
}
