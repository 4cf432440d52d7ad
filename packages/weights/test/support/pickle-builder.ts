/** Puts pickles together by hand, so that tests can write what PyTorch never does. */

const utf8 = new TextEncoder()

export type Piece = string | readonly number[] | Uint8Array

/** Texts become their Latin-1 bytes. */
export function bytesOf(...pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pieces.flatMap((piece) => (typeof piece === 'string' ? [...Buffer.from(piece, 'latin1')] : [...piece])))
}

export function uint32(value: number): readonly number[] {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return [...bytes]
}

export function int64(value: number | bigint): readonly number[] {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true)
  return [...bytes]
}

/** BINUNICODE. */
export function text(value: string): Uint8Array {
  const bytes = utf8.encode(value)
  return bytesOf('X', uint32(bytes.length), bytes)
}

/** BININT, or LONG1 beyond it. */
export function integer(value: number): Uint8Array {
  return Math.abs(value) < 2 ** 31 ? bytesOf('J', uint32(value >>> 0)) : bytesOf('\x8a\x08', int64(value))
}

/** GLOBAL. */
export function global(module: string, name: string): Uint8Array {
  return bytesOf('c', `${module}\n${name}\n`)
}

export function tuple(...items: readonly Piece[]): Uint8Array {
  return bytesOf('(', ...items, 't')
}

export interface TensorPickle {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset?: number
  readonly storage?: string
  readonly length: number
  readonly type?: string
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, False, OrderedDict())`. */
export function tensor({ shape, strides, offset = 0, storage = '0', length, type = 'FloatStorage' }: TensorPickle): Uint8Array {
  const parameters = tuple(
    tuple(text('storage'), global('torch', type), text(storage), text('cpu'), integer(length)),
    'Q',
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...strides.map(integer)),
    '\x89',
    global('collections', 'OrderedDict'),
    ')R',
  )
  return bytesOf(global('torch._utils', '_rebuild_tensor_v2'), parameters, 'R')
}

/** A dict; keys and values in turn. */
export function dict(...items: readonly Piece[]): Uint8Array {
  return bytesOf('}(', ...items, 'u')
}

/** A whole pickle of protocol 2. */
export function pickle(...pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  return bytesOf('\x80\x02', ...pieces, '.')
}

/** `torch.save`'s legacy layout around a pickle, with the bytes of its storages by key. */
export function legacyFile(
  root: Uint8Array,
  storages: Readonly<Record<string, readonly [elements: number, bytes: Uint8Array]>> = {},
): Uint8Array<ArrayBuffer> {
  return bytesOf(
    pickle('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'),
    pickle('M\xe9\x03'),
    pickle(dict(text('little_endian'), '\x88')),
    root,
    pickle('](', ...Object.keys(storages).map(text), 'e'),
    ...Object.values(storages).flatMap(([elements, bytes]) => [int64(elements), bytes]),
  )
}
