import { readFile, writeFile } from 'node:fs/promises'
import { ImIadError } from '@im-iad/errors'

/** A named array of a safetensors file. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array
}

const TYPES = { F32: Float32Array, I32: Int32Array } as const

/**
 * Writes tensors as safetensors: eight bytes with the header's length, a JSON header, then the values, little-endian
 * (https://github.com/huggingface/safetensors#format).
 */
export async function writeSafetensors(path: string, tensors: Readonly<Record<string, NamedTensor>>): Promise<void> {
  let offset = 0
  const header: Record<string, unknown> = {}
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
  await writeFile(path, bytes)
}

/**
 * Reads all float32 and int32 tensors of a safetensors file. Every length and offset is checked before use; nothing in the file is executed.
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the file and the tensor
 */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, NamedTensor>> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw damaged(path, error.message)
  })
  if (bytes.length < 8) throw damaged(path, `it has ${bytes.length} bytes, less than the length of its header takes`)
  const headerLength = bytes.readBigUInt64LE(0)
  if (headerLength > BigInt(bytes.length - 8)) throw damaged(path, `its header of ${headerLength} bytes is longer than the file`)
  const start = 8 + Number(headerLength)
  const header = parseHeader(bytes.subarray(8, start).toString('utf8'), path)
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]) => [name, readTensor(name, entry, bytes.subarray(start), path)]),
  )
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
