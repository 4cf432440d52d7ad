import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../dataset/file-hashes.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import { THUMBNAIL_CELLS, type Thumbnail } from './thumbnail.ts'

/** Thumbnails by the fingerprint of their picture, so that a dataset is decoded for them only once. */
export interface ThumbnailCache {
  get(fingerprint: string): Thumbnail | undefined
  set(fingerprint: string, thumbnail: Thumbnail): void
  /** Writes what is new; a cache that can't be written is only slower, so nothing is thrown. */
  save(): Promise<void>
}

const HASH_BYTES = 32
/** Width and height, uint32 each. */
const SIZE_BYTES = 8
const LEVELS_AT: number = HASH_BYTES + SIZE_BYTES
const ENTRY_BYTES: number = LEVELS_AT + 2 * THUMBNAIL_CELLS

/**
 * The file is a SHA-256 of what follows, then per picture its fingerprint (32 bytes), its width and height (uint32) and its thumbnail (uint16), little-endian. A damaged one counts as empty.
 * @param scope - what the pictures have in common: a dataset's category
 */
export async function openThumbnailCache(cacheDirectory: string, scope: string): Promise<ThumbnailCache> {
  const file = join(cacheDirectory, 'thumbnails', `${sha256(scope)}.bin`)
  const known = parse(await readFile(file).catch(() => null))
  let isNew = false
  return {
    get: (fingerprint) => known.get(fingerprint),
    set(fingerprint, thumbnail) {
      known.set(fingerprint, thumbnail)
      isNew = true
    },
    async save() {
      if (!isNew) return
      isNew = false
      await writeFileAtomically(file, serialize(known)).catch(() => undefined)
    },
  }
}

function parse(bytes: Buffer | null): Map<string, Thumbnail> {
  const known = new Map<string, Thumbnail>()
  const content = bytes?.subarray(HASH_BYTES)
  if (bytes === null || content === undefined || content.length % ENTRY_BYTES !== 0) return known
  if (sha256(content) !== bytes.subarray(0, HASH_BYTES).toString('hex')) return known
  for (let start = 0; start < content.length; start += ENTRY_BYTES) {
    const fingerprint = content.subarray(start, start + HASH_BYTES).toString('hex')
    known.set(fingerprint, {
      width: content.readUInt32LE(start + HASH_BYTES),
      height: content.readUInt32LE(start + HASH_BYTES + 4),
      levels: Uint16Array.from({ length: THUMBNAIL_CELLS }, (_, cell) => content.readUInt16LE(start + LEVELS_AT + 2 * cell)),
    })
  }
  return known
}

function serialize(known: ReadonlyMap<string, Thumbnail>): Buffer {
  const content = Buffer.alloc(known.size * ENTRY_BYTES)
  let start = 0
  for (const [fingerprint, thumbnail] of [...known].toSorted(([first], [second]) => (first < second ? -1 : 1))) {
    content.write(fingerprint, start, 'hex')
    content.writeUInt32LE(thumbnail.width, start + HASH_BYTES)
    content.writeUInt32LE(thumbnail.height, start + HASH_BYTES + 4)
    for (const [cell, level] of thumbnail.levels.entries()) content.writeUInt16LE(level, start + LEVELS_AT + 2 * cell)
    start += ENTRY_BYTES
  }
  return Buffer.concat([Buffer.from(sha256(content), 'hex'), content])
}
