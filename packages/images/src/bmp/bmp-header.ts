/** What a Windows bitmap says about itself ("Bitmap Storage" in Microsoft's Win32 documentation). */
export interface BmpHeader {
  readonly width: number
  readonly height: number
  /** Rows from the top down; usually they go from the bottom up. */
  readonly topDown: boolean
  /** Per pixel. */
  readonly bits: number
  readonly compression: number
  /** Where the pixels start. */
  readonly offset: number
  /** Bytes of an uncompressed row, a multiple of 4. */
  readonly rowBytes: number
  /** RGB `[2 ** bits, 3]` for up to 8 bits per pixel, else `null`; colours that the file leaves out are black. */
  readonly palette: Uint8Array | null
  /** The bits of red, green and blue in a pixel, or `null` for whole bytes. */
  readonly masks: readonly number[] | null
}

const COMPRESSION = { none: 0, runs8: 1, runs4: 2, bitFields: 3, alphaBitFields: 6 } as const
const OS2_HEADER = 12
const WINDOWS_HEADER = 40
const FILE_HEADER = 14
const RGB555: readonly number[] = [0x7c00, 0x03e0, 0x001f]
/** sharp's limit for the other formats: a header alone must not be able to claim all memory. */
const MAXIMUM_PIXELS = 0x3fff ** 2

export function isRunLengthCoded({ compression }: Pick<BmpHeader, 'compression'>): boolean {
  return compression === COMPRESSION.runs8 || compression === COMPRESSION.runs4
}

/** @throws Error for a header that is damaged or of an unknown kind */
export function readBmpHeader(bytes: Uint8Array, maximumPixels: number = MAXIMUM_PIXELS): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < FILE_HEADER + OS2_HEADER) throw new Error('it is truncated within its header')
  const headerSize = view.getUint32(FILE_HEADER, true)
  const isOs2 = headerSize === OS2_HEADER
  if (!isOs2 && headerSize < WINDOWS_HEADER) throw new Error(`its header has an unknown size of ${headerSize} bytes`)
  if (bytes.length < FILE_HEADER + headerSize) throw new Error('it is truncated within its header')
  const width = isOs2 ? view.getUint16(18, true) : view.getInt32(18, true)
  const signedHeight = isOs2 ? view.getInt16(20, true) : view.getInt32(22, true)
  const height = Math.abs(signedHeight)
  if (width < 1 || height < 1 || width * height > maximumPixels) throw new Error(`its header announces ${width}x${height} pixels`)
  const bits = view.getUint16(isOs2 ? 24 : 28, true)
  const compression = isOs2 ? COMPRESSION.none : view.getUint32(30, true)
  checkKind(bits, compression)
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const masks = readMasks(view, bits, compression)
  const palette = bits <= 8 ? readPalette(bytes, view, bits, isOs2) : null
  return { width, height, topDown: signedHeight < 0, bits, compression, offset: view.getUint32(10, true), rowBytes, palette, masks }
}

const BITS_BY_COMPRESSION: Readonly<Record<number, readonly number[] | undefined>> = {
  [COMPRESSION.none]: [1, 4, 8, 16, 24, 32],
  [COMPRESSION.runs8]: [8],
  [COMPRESSION.runs4]: [4],
  [COMPRESSION.bitFields]: [16, 32],
  [COMPRESSION.alphaBitFields]: [16, 32],
}

function checkKind(bits: number, compression: number): void {
  if (BITS_BY_COMPRESSION[compression]?.includes(bits) !== true)
    throw new Error(`bitmaps of ${bits} bits per pixel with compression ${compression} are not read`)
}

/** Masks follow the first 40 bytes of the header, whether they count as part of it or not. */
function readMasks(view: DataView, bits: number, compression: number): readonly number[] | null {
  if (compression === COMPRESSION.bitFields || compression === COMPRESSION.alphaBitFields)
    return [0, 4, 8].map((skip) => view.getUint32(FILE_HEADER + WINDOWS_HEADER + skip, true))
  return bits === 16 ? RGB555 : null
}

function readPalette(bytes: Uint8Array, view: DataView, bits: number, isOs2: boolean): Uint8Array {
  const start = FILE_HEADER + view.getUint32(FILE_HEADER, true)
  const step = isOs2 ? 3 : 4
  const used = isOs2 ? 0 : view.getUint32(46, true)
  const count = used === 0 ? 2 ** bits : Math.min(used, 2 ** bits)
  if (start + count * step > bytes.length) throw new Error('it is truncated within its palette')
  const palette = new Uint8Array(2 ** bits * 3)
  for (let color = 0; color < count; color++)
    for (let channel = 0; channel < 3; channel++) palette[color * 3 + channel] = bytes[start + color * step + 2 - channel]
  return palette
}
