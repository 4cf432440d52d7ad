import { readFile, writeFile } from 'node:fs/promises'
import { ImIadError } from '@im-iad/errors'

/** A named array of a safetensors file. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

const METADATA = '__metadata__'

const TYPES = { F32: Float32Array, I32: Int32Array } as const

/** Writes tensors as safetensors. */
export async function writeSafetensors(path: string, tensors: Readonly<Record<string, NamedTensor>>): Promise<void> {
  await writeFile(path, encodeSafetensors(tensors))
}

/**
 * Tensors as safetensors: eight bytes with the header's length, a JSON header, then the values, little-endian (https://github.com/huggingface/safetensors#format).
 * @param metadata - texts that go along
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let offset = 0
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [METADATA]: metadata }
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: data instanceof Float32Array ? 'F32' : 'I32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true)
  bytes.set(json, 8)
  // The format allows spaces after the JSON, so that values start at a multiple of eight.
  bytes.fill(0x20, 8 + json.length, start)
  let place = start
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), place)
    place += data.byteLength
  }
  return bytes
}

/**
 * Reads all float32 and int32 tensors of a safetensors file. Every length and offset is checked before use; nothing in the file is executed.
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the file and the tensor
 */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, NamedTensor>> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw damaged(path, error.message)
  })
  return decodeSafetensors(bytes, path).tensors
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * As {@link readSafetensors}, from bytes in memory.
 * @param origin - where they come from, for errors
 * @throws ImIadError IM_IAD_E_SAFETENSORS
 */
export function decodeSafetensors(content: Uint8Array, origin: string): SafetensorsContent {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length < 8) throw damaged(origin, `it has ${bytes.length} bytes, less than the length of its header takes`)
  const headerLength = bytes.readBigUInt64LE(0)
  if (headerLength > BigInt(bytes.length - 8)) throw damaged(origin, `its header of ${headerLength} bytes is longer than the file`)
  const start = 8 + Number(headerLength)
  const { [METADATA]: metadata, ...header } = parseHeader(bytes.subarray(8, start).toString('utf8'), origin)
  const tensors = Object.entries(header).map(([name, entry]) => [name, readTensor(name, entry, bytes.subarray(start), origin)] as const)
  return { tensors: new Map(tensors), metadata: readMetadata(metadata) }
}

/** Only texts are allowed in it; anything else is passed over. */
function readMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (typeof metadata !== 'object' || metadata === null) return {}
  return Object.fromEntries(Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function parseHeader(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(text)
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header }
  } catch {
    // Said below, for text that is no JSON as well as for JSON that is no object.
  }
  throw damaged(path, 'its header is no JSON object')
}

function readTensor(name: string, entry: unknown, values: Buffer, path: string): NamedTensor {
  const fields: Readonly<Record<string, unknown>> = typeof entry === 'object' && entry !== null ? { ...entry } : {}
  const { dtype, shape, data_offsets: offsets } = fields
  const type = dtype === 'F32' || dtype === 'I32' ? TYPES[dtype] : undefined
  if (type === undefined) throw damaged(path, `tensor "${name}" is of type ${JSON.stringify(dtype)}; F32 and I32 are read`)
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) throw damaged(path, `tensor "${name}" has no shape or offsets`)
  const [from = 0, to = 0] = offsets
  const length = shape.reduce((product, size) => product * size, 1)
  if (to > values.length || to - from !== length * 4)
    throw damaged(
      path,
      `tensor "${name}" of shape [${shape.join(', ')}] does not fit its offsets ${from} to ${to} in ${values.length} bytes of values`,
    )
  const copy = new Uint8Array(values.subarray(from, to)).buffer
  return { shape, data: new type(copy) }
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function damaged(path: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_SAFETENSORS',
    what: 'cannot read the tensors',
    found: path,
    problem,
    fix: 'restore the file from its original, or make it again',
  })
}
