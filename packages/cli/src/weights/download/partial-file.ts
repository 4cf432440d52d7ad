import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'

/** What the server said of the file whose beginning is kept, so that the rest can be asked for. */
export interface PartialState {
  /** Without a password or signature: it lies on disk. */
  readonly url: string
  /** A strong `ETag`, or else `Last-Modified`: for `If-Range` (RFC 9110, 13.1.5). */
  readonly validator: string | null
  readonly total: number | null
}

/** The beginning of a file, on disk across tries and commands. */
export interface PartialFile {
  readonly path: string
  /** Bytes that are there. */
  size(): Promise<number>
  state(): Promise<PartialState | null>
  /** Before bytes are appended. */
  remember(state: PartialState): Promise<void>
  /** Appends from `start`, where what lies beyond is cut off. */
  openAt(start: number): Promise<PartialWriter>
  remove(): Promise<void>
}

export interface PartialWriter {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

export function partialFile(path: string): PartialFile {
  const stateFile = `${path}.json`
  return {
    path,
    size: () =>
      stat(path).then(
        (found) => found.size,
        () => 0,
      ),
    state: () => readFile(stateFile, 'utf8').then(parseState, () => null),
    remember: (state) => writeFile(stateFile, JSON.stringify(state)),
    async openAt(start) {
      const file = await open(path, start === 0 ? 'w' : 'r+')
      await file.truncate(start)
      let position = start
      return {
        async write(bytes) {
          let written = 0
          while (written < bytes.length) {
            const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position)
            written += bytesWritten
            position += bytesWritten
          }
        },
        close: () => file.close(),
      }
    },
    async remove() {
      await rm(path, { force: true })
      await rm(stateFile, { force: true })
    },
  }
}

function parseState(text: string): PartialState | null {
  try {
    const { url, validator = null, total = null }: Partial<PartialState> = JSON.parse(text)
    return typeof url === 'string' ? { url, validator, total } : null
  } catch {
    return null
  }
}
