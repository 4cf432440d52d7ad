import { isImIadError } from '@im-iad/errors'
import { crc32 } from 'node:zlib'
import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl'
import { bytesInMemory, partOf, type ByteSource } from '../bytes/byte-source.ts'
import { archiveBomb, damagedArchive } from '../errors.ts'
import { ByteSourceReader } from './byte-source-reader.ts'

export interface ArchiveMember {
  /** Unpacked, as declared; unpacking checks it. */
  readonly size: number
}

/** A zip file: a PyTorch file, a Python wheel, or any other. */
export interface Archive {
  readonly name: string
  readonly members: ReadonlyMap<string, ArchiveMember>
  /**
   * A member's bytes: in place where it is stored plainly, in memory where it is compressed.
   * @throws ImIadError IM_IAD_E_WEIGHTS_FILE when it is damaged or looks like a bomb
   */
  open(member: string): Promise<ByteSource>
  /** Up to `length` bytes from a member's start; no more than that is unpacked. */
  peek(member: string, length: number): Promise<Uint8Array>
}

const MEMBER_LIMIT = 100_000
/** What one buffer of Node 20 holds at most; PyTorch stores larger tensors plainly. */
const UNPACKED_LIMIT = 2 ** 32 - 1
/** Weights hardly compress: to a half when many values are zero. */
const RATIO_LIMIT = 100
const BOMB_SIZE = 1 << 20

/** Reads the list of members. @throws ImIadError IM_IAD_E_WEIGHTS_FILE */
export async function openArchive(source: ByteSource): Promise<Archive> {
  const { name } = source
  const zip = await openZipFile(source)
  const entries = await readEntries(zip, name)
  const find = (member: string): Entry => {
    const entry = entries.get(member)
    if (entry === undefined) throw damagedArchive(name, `it has no member "${member}"`)
    return entry
  }
  return {
    name,
    members: new Map([...entries].map(([member, { uncompressedSize: size }]) => [member, { size }])),
    open: (member) => inArchive(name, member, () => openMember(source, zip, find(member))),
    peek: (member, length) => inArchive(name, member, () => readStart(zip, find(member), length)),
  }
}

async function openZipFile(source: ByteSource): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new ByteSourceReader(source), source.size, { autoClose: false, strictFileNames: true })
  } catch (error) {
    throw damagedArchive(source.name, messageOf(error), error)
  }
}

async function readEntries(zip: ZipFile, name: string): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MEMBER_LIMIT) throw damagedArchive(name, `it has ${zip.entryCount} members; ${MEMBER_LIMIT} is the limit`)
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      // Programs differ in which of the two they read.
      if (entries.has(entry.fileName)) throw damagedArchive(name, `it has the member "${entry.fileName}" twice`)
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    throw isImIadError(error) ? error : damagedArchive(name, messageOf(error), error)
  }
  return entries
}

async function inArchive<Result>(name: string, member: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw isImIadError(error) ? error : damagedArchive(name, `its member "${member}": ${messageOf(error)}`, error)
  }
}

async function openMember(source: ByteSource, zip: ZipFile, entry: Entry): Promise<ByteSource> {
  const { fileName, uncompressedSize: size, compressedSize } = entry
  const name = `${source.name} (${fileName})`
  if (entry.isEncrypted()) throw damagedArchive(source.name, `its member "${fileName}" is encrypted`)
  if (!entry.canDecodeFileData())
    throw damagedArchive(source.name, `its member "${fileName}" is packed by method ${entry.compressionMethod}; deflate is read`)
  if (entry.compressionMethod === 0) {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    return partOf(source, name, fileDataStart, size)
  }
  if (size > UNPACKED_LIMIT)
    throw archiveBomb(source.name, fileName, `it claims to unpack to ${size} bytes; ${UNPACKED_LIMIT} is the limit`)
  if (size > BOMB_SIZE && size > compressedSize * RATIO_LIMIT)
    throw archiveBomb(
      source.name,
      fileName,
      `its ${compressedSize} bytes claim to unpack to ${size}, more than weights ever do: a zip bomb`,
    )
  const bytes = await readStart(zip, entry, size)
  if (crc32(bytes) !== entry.crc32) throw damagedArchive(source.name, `the checksum of its member "${fileName}" is wrong`)
  return bytesInMemory(name, bytes)
}

/** Unpacking stops at `length`; yauzl fails where a member is longer or shorter than it claims. */
async function readStart(zip: ZipFile, entry: Entry, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(length, entry.uncompressedSize))
  if (entry.isEncrypted() || !entry.canDecodeFileData()) return bytes.subarray(0, 0)
  let filled = 0
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    const piece: Uint8Array = chunk
    bytes.set(piece.subarray(0, bytes.length - filled), filled)
    filled = Math.min(bytes.length, filled + piece.length)
    if (filled === bytes.length && bytes.length < entry.uncompressedSize) break
  }
  return bytes
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
