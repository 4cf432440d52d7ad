import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isRecord } from '../discovery/package-manifest.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'

/** SHA-256 of files, remembered by path, size and times, so that a large dataset is read for its hashes only once. */
export interface FileHashes {
  /** Lower-case hexadecimal. @throws the file system's error when the file can't be read */
  hash(path: string): Promise<string>
  /** Writes what is new to the cache; a cache that can't be written is only slower, so nothing is thrown. */
  save(): Promise<void>
}

interface RememberedHash {
  readonly size: number
  readonly modified: number
  /** Nobody can set the time of a change of status: it tells a file apart that was replaced by one of equal size and time (copied, unpacked). */
  readonly changed: number
  readonly sha256: string
}

/**
 * @param cacheDirectory - where to remember hashes, a file per `scope`
 * @param scope - what the files have in common: the data root
 */
export async function openFileHashes(cacheDirectory: string, scope: string): Promise<FileHashes> {
  const file = join(cacheDirectory, 'hashes', `${sha256(scope)}.json`)
  const remembered = await readRemembered(file)
  let isNew = false
  return {
    async hash(path) {
      const { size, mtimeMs: modified, ctimeMs: changed } = await stat(path)
      const known = remembered.get(path)
      if (known?.size === size && known.modified === modified && known.changed === changed) return known.sha256
      const fresh = await hashFile(path)
      remembered.set(path, { size, modified, changed, sha256: fresh })
      isNew = true
      return fresh
    },
    async save() {
      if (!isNew) return
      isNew = false
      await writeFileAtomically(file, JSON.stringify(Object.fromEntries(remembered))).catch(() => undefined)
    },
  }
}

/** SHA-256 of bytes or UTF-8 text, in lower-case hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** SHA-256 of a file, streamed. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function readRemembered(file: string): Promise<Map<string, RememberedHash>> {
  const content = await readFile(file, 'utf8').then(parse, () => null)
  return new Map(
    isRecord(content) ? Object.entries(content).filter((entry): entry is [string, RememberedHash] => isRemembered(entry[1])) : [],
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isRemembered(value: unknown): value is RememberedHash {
  return (
    isRecord(value) &&
    typeof value['size'] === 'number' &&
    typeof value['modified'] === 'number' &&
    typeof value['changed'] === 'number' &&
    typeof value['sha256'] === 'string'
  )
}
