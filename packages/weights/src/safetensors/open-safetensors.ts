import type { ByteSource } from '../bytes/byte-source.ts'
import { damagedSafetensors } from '../errors.ts'
import { toFloat32 } from '../numbers/element-type.ts'
import type { StoredTensor, WeightsContent } from '../weights-file.ts'
import { parseHeader, type TensorEntry } from './parse-header.ts'

/** The format's own limit (safetensors 0.4: 100,000,000 bytes); the header of a network of ten thousand tensors has one megabyte. */
export const HEADER_LIMIT = 100_000_000

/** Where the values begin, and the checked header. */
export interface ReadHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly metadata: ReadonlyMap<string, string>
  readonly start: number
}

/** Reads the header only. @throws ImIadError IM_IAD_E_SAFETENSORS, naming the file and the tensor */
export async function readHeader(source: ByteSource): Promise<ReadHeader> {
  const { name, size } = source
  if (size < 8) throw damagedSafetensors(name, `it has ${size} bytes, less than the length of its header takes`)
  const length = new DataView((await source.read(0, 8)).buffer).getBigUint64(0, true)
  if (length > BigInt(size - 8)) throw damagedSafetensors(name, `its header of ${length} bytes is longer than the file`)
  if (length > BigInt(HEADER_LIMIT))
    throw damagedSafetensors(name, `its header of ${length} bytes is longer than the format allows (${HEADER_LIMIT})`)
  const start = 8 + Number(length)
  return { ...parseHeader(await source.read(8, start - 8), size - start, name), start }
}

/** Opens safetensors; values are read when they are asked for. */
export async function openSafetensors(source: ByteSource): Promise<WeightsContent> {
  const { tensors, metadata, start } = await readHeader(source)
  const stored = new Map(
    [...tensors].map(([name, { type, shape, from, to }]): readonly [string, StoredTensor] => [
      name,
      { type, shape, load: async () => toFloat32(await source.read(start + from, to - from), type) },
    ]),
  )
  return { name: source.name, format: 'safetensors', stateDict: '', metadata, tensors: stored }
}
