import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Header, Pack, ReadEntry } from 'tar'
import { textEntry, type BundleEntry } from './bundle-entries.ts'
import { damagedBundleWeights } from './errors.ts'

export interface WrittenArchive {
  /** Of the archive. */
  readonly bytes: number
  /** Of the archive, in lower-case hexadecimal. */
  readonly sha256: string
  readonly files: number
  /** Of all files in it. */
  readonly unpackedBytes: number
}

export interface ArchiveRequest {
  /** The file to write; it must not exist. */
  readonly target: string
  /** The folder that all entries lie in. */
  readonly root: string
  /** In the order in which they are to stand. */
  readonly entries: readonly BundleEntry[]
  readonly signal: AbortSignal
}

/** One that every file system can hold: 1 January 2000, UTC. */
const MODIFIED = new Date(Date.UTC(2000, 0, 1))

/** The list of checksums, in the form of `sha256sum`: it comes last and covers all other files. */
const CHECKSUMS = 'SHA256SUMS'

/**
 * Writes a .tgz whose bytes depend on the entries only: nothing of this machine (times, owners, permissions) gets into it.
 * @throws whatever the file system says; ImIadError IM_IAD_E_WEIGHTS for an entry with another hash than it should have
 */
export async function writeArchive({ target, root, entries, signal }: ArchiveRequest): Promise<WrittenArchive> {
  const content: Content = { files: 0, bytes: 0, checksums: [] }
  const archive = { bytes: 0, hash: createHash('sha256') }
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      archive.bytes += chunk.length
      archive.hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(archiveBytes(root, entries, content), count, createWriteStream(target, { flags: 'wx' }), { signal })
  return { bytes: archive.bytes, sha256: archive.hash.digest('hex'), files: content.files, unpackedBytes: content.bytes }
}

/** What went into an archive so far. */
interface Content {
  files: number
  bytes: number
  readonly checksums: string[]
}

async function* archiveBytes(root: string, entries: readonly BundleEntry[], content: Content): AsyncGenerator<Uint8Array> {
  // `portable` leaves out owners, and the system's mark in the header of gzip.
  const archive = new Pack({ portable: true, gzip: { level: 9 } })
  // The loop below hears of an error, if late: between two of its turns nobody listens.
  archive.on('error', () => undefined)
  const stop = new AbortController()
  void fill({ archive, root, stop: stop.signal }, entries, content).catch((error: unknown) => {
    if (!stop.signal.aborted) archive.destroy(error)
  })
  try {
    for await (const chunk of archive) yield chunk
  } finally {
    // Whoever reads has stopped; then so does `fill`.
    stop.abort()
  }
}

interface Filling {
  readonly archive: Pack
  readonly root: string
  readonly stop: AbortSignal
}

async function fill(filling: Filling, entries: readonly BundleEntry[], content: Content): Promise<void> {
  for (const entry of entries) {
    const { sha256, size } = await addEntry(filling, entry)
    content.checksums.push(`${sha256}  ${entry.path}`)
    content.files += 1
    content.bytes += size
  }
  const last = await addEntry(filling, textEntry(CHECKSUMS, `${content.checksums.join('\n')}\n`))
  content.files += 1
  content.bytes += last.size
  filling.archive.end()
}

async function addEntry(
  { archive, root, stop }: Filling,
  { path, content, isExecutable, sha256: expected }: BundleEntry,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const size = 'file' in content ? (await stat(content.file)).size : Buffer.byteLength(content.text)
  const hash = createHash('sha256')
  const mode = isExecutable ? 0o755 : 0o644
  const entry = new ReadEntry(new Header({ path: `${root}/${path}`, type: 'File', size, mode, mtime: MODIFIED }))
  archive.add(entry)
  for await (const chunk of 'file' in content ? createReadStream(content.file) : [Buffer.from(content.text)]) {
    hash.update(chunk)
    if (!entry.write(chunk)) await once(entry, 'drain', { signal: stop })
  }
  entry.end()
  const sha256 = hash.digest('hex')
  if (expected !== null && expected !== sha256 && 'file' in content) throw damagedBundleWeights(content.file, expected, sha256)
  return { sha256, size }
}
