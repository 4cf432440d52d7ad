/** Thrown where the bytes at hand end within a pickle: the caller may have more. */
export class PickleEnds extends Error {}

/** Thrown for a pickle that no writer makes; the message is a clause. */
export class PickleFault extends Error {}

/** Reads numbers and texts one after another, little-endian. */
export interface ByteCursor {
  readonly position: () => number
  /** @throws PickleEnds */
  readonly take: (length: number) => DataView
  /** The length of what follows, from an unsigned number of so many bytes. @throws PickleFault when it is over the limit */
  readonly length: (bytes: 1 | 4 | 8) => number
  readonly text: (length: number, encoding: 'utf-8' | 'latin1') => string
  /** Up to the next line feed, which is passed. */
  readonly line: () => string
}

/** Names of modules and classes are short; a text of a network's names, too. */
const LINE_LIMIT = 1024
const ITEM_LIMIT = 1 << 24

export function byteCursor(bytes: Uint8Array, start: number): ByteCursor {
  let position = start
  const decoders = { 'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }), latin1: new TextDecoder('latin1') }
  const take = (length: number): DataView => {
    if (position + length > bytes.length) throw new PickleEnds()
    position += length
    return new DataView(bytes.buffer, bytes.byteOffset + position - length, length)
  }
  return {
    position: () => position,
    take,
    length(size) {
      const view = take(size)
      const length = size === 1 ? view.getUint8(0) : size === 4 ? view.getUint32(0, true) : Number(view.getBigUint64(0, true))
      if (length > ITEM_LIMIT)
        throw new PickleFault(`one text or number of ${length} bytes at byte ${position} is over the limit of ${ITEM_LIMIT}`)
      return length
    },
    text: (length, encoding) => decoders[encoding].decode(take(length)),
    line() {
      const end = bytes.subarray(0, position + LINE_LIMIT).indexOf(0x0a, position)
      if (end < 0 && bytes.length >= position + LINE_LIMIT) throw new PickleFault(`the name at byte ${position} does not end`)
      if (end < 0) throw new PickleEnds()
      const text = decoders['utf-8'].decode(bytes.subarray(position, end))
      position = end + 1
      return text
    },
  }
}
