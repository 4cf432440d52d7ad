import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { unwritableTensor } from '../errors.ts'
import { toHalf } from '../numbers/half.ts'
import { elementCount } from '../numbers/strided.ts'

/** A named array of a safetensors file. */
export interface NamedTensor {
  readonly shape: readonly number[]
  /** In row-major order. */
  readonly data: Float32Array | Int32Array
}

export interface WriteSafetensorsOptions {
  /** How float32 arrays are stored. `F16` halves the file and keeps eleven bits; values beyond its range are an error. */
  readonly floats?: 'F32' | 'F16'
  /** Free text: what the tensors are, where they come from. */
  readonly metadata?: ReadonlyMap<string, string>
}

/** A tensor and how it is stored. */
export interface Placed {
  readonly name: string
  readonly dtype: 'F32' | 'F16' | 'I32'
  readonly tensor: NamedTensor
}

/** The largest finite half. */
const LARGEST_HALF = 65504

/**
 * Writes tensors as safetensors: eight bytes with the header's length, a JSON header, then the values, little-endian
 * (https://github.com/huggingface/safetensors#format). The file is there whole or not at all.
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the tensor whose shape is not that of its values, or that F16 can't hold
 */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, NamedTensor>> | ReadonlyMap<string, NamedTensor>,
  { floats = 'F32', metadata = new Map() }: WriteSafetensorsOptions = {},
): Promise<void> {
  const placed = placeTensors(path, tensors, floats)
  const temporary = `${path}.${randomUUID()}.partial`
  try {
    const file = await open(temporary, 'wx')
    try {
      await writeAll(file, headerBytes(placed, metadata))
      for (const one of placed) await writeAll(file, valueBytes(one))
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Checked; wider types first, so that every tensor starts at a multiple of its element's size. */
export function placeTensors(
  path: string,
  tensors: Readonly<Record<string, NamedTensor>> | ReadonlyMap<string, NamedTensor>,
  floats: 'F32' | 'F16',
): readonly Placed[] {
  const placed = [...(tensors instanceof Map ? tensors.entries() : Object.entries(tensors))]
    .map(([name, tensor]): Placed => ({ name, dtype: tensor.data instanceof Float32Array ? floats : 'I32', tensor }))
    .toSorted((a, b) => sizeOf(b.dtype) - sizeOf(a.dtype))
  for (const one of placed) checkTensor(path, one)
  return placed
}

function sizeOf(dtype: Placed['dtype']): number {
  return dtype === 'F16' ? 2 : 4
}

function checkTensor(path: string, { name, dtype, tensor: { shape, data } }: Placed): void {
  if (name === '__metadata__') throw unwritableTensor(path, name, 'the format keeps that name for free text')
  if (elementCount(shape) !== data.length)
    throw unwritableTensor(path, name, `its shape [${shape.join(', ')}] is not that of its ${data.length} values`)
  const tooLarge = dtype === 'F16' ? data.find((value) => Number.isFinite(value) && Math.abs(value) > LARGEST_HALF) : undefined
  if (tooLarge !== undefined) throw unwritableTensor(path, name, `its value ${tooLarge} is beyond F16's ${LARGEST_HALF}`)
}

export function headerBytes(placed: readonly Placed[], metadata: ReadonlyMap<string, string>): Uint8Array {
  let offset = 0
  const entries: (readonly [string, unknown])[] = metadata.size > 0 ? [['__metadata__', Object.fromEntries(metadata)]] : []
  for (const { name, dtype, tensor } of placed) {
    const end = offset + tensor.data.length * sizeOf(dtype)
    entries.push([name, { dtype, shape: tensor.shape, data_offsets: [offset, end] }])
    offset = end
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true)
  bytes.set(json, 8)
  // The format allows spaces after the JSON, so that values start at a multiple of eight.
  bytes.fill(0x20, 8 + json.length, start)
  return bytes
}

export function valueBytes({ dtype, tensor: { data } }: Placed): Uint8Array {
  if (dtype !== 'F16') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return new Uint8Array(Uint16Array.from(data, toHalf).buffer)
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten
}
