import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openWeights, type OpenWeightsOptions } from '../../src/index.ts'

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

const folder: Promise<string> = mkdtemp(join(tmpdir(), 'im-iad-weights-'))
let count = 0

/** A new file with these bytes. */
export async function fileWith(bytes: Uint8Array, extension: string): Promise<string> {
  const path = join(await folder, `${count++}${extension}`)
  await writeFile(path, bytes)
  return path
}

/** Opens, reads every tensor and closes: what must fail may fail at any of these. */
export async function readAll(path: string, options: OpenWeightsOptions = {}): Promise<ReadonlyMap<string, Float32Array>> {
  const file = await openWeights(path, options)
  try {
    const read = new Map<string, Float32Array>()
    for (const name of file.tensors.keys()) read.set(name, await file.read(name))
    return read
  } finally {
    await file.close()
  }
}
