import { open } from 'node:fs/promises'
import { shortFile, unreadableFile } from '../errors.ts'

/** Bytes that are read piece by piece: a file, a member of an archive, or memory. */
export interface ByteSource {
  /** What messages call it: a path, and the member of an archive. */
  readonly name: string
  readonly size: number
  /**
   * Exactly `length` bytes from `position`; the caller may keep and change them.
   * @throws ImIadError IM_IAD_E_WEIGHTS_FILE when the source ends before
   */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

export interface OpenByteSource extends ByteSource {
  close(): Promise<void>
}

/** Opens a file for reading at any position. @throws ImIadError IM_IAD_E_WEIGHTS_FILE when it can't be opened */
export async function openFile(path: string): Promise<OpenByteSource> {
  const handle = await open(path, 'r').catch((error: Error) => {
    throw unreadableFile(path, error)
  })
  const status = await handle.stat()
  if (!status.isFile()) {
    await handle.close()
    throw unreadableFile(path, new Error(status.isDirectory() ? 'it is a folder' : 'it is not a regular file'))
  }
  const source: OpenByteSource = {
    name: path,
    size: status.size,
    async read(position, length) {
      checkRange(source, position, length)
      const bytes = new Uint8Array(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
        // The file was longer when it was opened.
        if (bytesRead === 0) throw shortFile(path, position + length, position + filled)
        filled += bytesRead
      }
      return bytes
    },
    close: () => handle.close(),
  }
  return source
}

/** Bytes in memory. */
export function bytesInMemory(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read(position, length) {
      checkRange(this, position, length)
      return Promise.resolve(new Uint8Array(bytes.subarray(position, position + length)))
    },
  }
}

/** `size` bytes of another source from `start`. @throws ImIadError IM_IAD_E_WEIGHTS_FILE when they lie beyond its end */
export function partOf(source: ByteSource, name: string, start: number, size: number): ByteSource {
  checkRange(source, start, size)
  return {
    name,
    size,
    read(position, length) {
      checkRange(this, position, length)
      return source.read(start + position, length)
    },
  }
}

function checkRange({ name, size }: ByteSource, position: number, length: number): void {
  if (!(position >= 0 && length >= 0 && position + length <= size)) throw shortFile(name, position + length, size)
}
