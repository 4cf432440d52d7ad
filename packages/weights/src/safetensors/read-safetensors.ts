import { bytesInMemory, openFile, type ByteSource } from '../bytes/byte-source.ts'
import { isImIadError } from '@im-iad/errors'
import { damagedSafetensors } from '../errors.ts'
import { toFloat32 } from '../numbers/element-type.ts'
import { readHeader } from './open-safetensors.ts'
import type { NamedTensor } from './write-safetensors.ts'

/**
 * Reads all tensors of a safetensors file, a model's state say: int32 stays int32, everything else comes as float32. NaN is data here.
 * Every length and offset is checked before use; nothing in the file is executed.
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the file and the tensor
 */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, NamedTensor>> {
  return (await readSafetensorsContent(path)).tensors
}

/** As {@link readSafetensors}, with the file's free text. */
export async function readSafetensorsContent(path: string): Promise<SafetensorsContent> {
  const file = await openFile(path).catch((error: unknown) => {
    throw isImIadError(error) ? damagedSafetensors(path, error.facts.problem ?? error.message) : error
  })
  try {
    return await readAll(file)
  } finally {
    await file.close()
  }
}

/** What safetensors in memory hold. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, NamedTensor>
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * As {@link readSafetensors}, from bytes in memory.
 * @param name - what messages call them
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the tensor
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Promise<SafetensorsContent> {
  return readAll(bytesInMemory(name, bytes))
}

async function readAll(source: ByteSource): Promise<SafetensorsContent> {
  const { tensors, metadata, start } = await readHeader(source)
  const read = new Map<string, NamedTensor>()
  for (const [name, { type, shape, from, to }] of tensors) {
    const bytes = await source.read(start + from, to - from)
    read.set(name, { shape, data: type === 'I32' ? new Int32Array(bytes.buffer) : toFloat32(bytes, type) })
  }
  return { tensors: read, metadata }
}
