import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'
import type { ByteSource } from '../bytes/byte-source.ts'

const PIECE = 1 << 18

/** Lets yauzl read any {@link ByteSource}, so that an archive within an archive is read in place. */
export class ByteSourceReader extends RandomAccessReader {
  readonly #source: ByteSource

  constructor(source: ByteSource) {
    super()
    this.#source = source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.#source, start, end), { objectMode: false })
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.#source.read(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset)
        callback(null)
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    )
  }

  /** The source is closed by whoever opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

async function* pieces(source: ByteSource, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; position += PIECE) yield source.read(position, Math.min(PIECE, end - position))
}
