import type { PixelImage } from './pixel-image.ts'
import { resampleWeights, type ResampleFilter, type ResampleWeights } from './resample-weights.ts'

/** Fractional bits of the fixed-point weights: 32 less 8 of the pixel and 2 of headroom, as in Pillow's 8-bit resampler. */
const PRECISION_BITS = 22
/** Half of one grey level. */
const ROUNDING = 1 << (PRECISION_BITS - 1)

export interface Resampling {
  /** Size of the whole result in pixels. */
  readonly width: number
  readonly height: number
  readonly filter: ResampleFilter
}

/** A rectangle of the result, in its pixels. */
export interface Window {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * Resizes the whole picture to exactly `width` x `height`, antialiased. Bit for bit what Pillow's `Image.resize` gives for `BILINEAR` and `LANCZOS`:
 * fixed-point weights, first along rows, then along columns, rounded to 8 bits in between.
 */
export function resample(image: PixelImage, { width, height, filter }: Resampling): PixelImage {
  return resampleWindow(image, { width, height, filter }, { left: 0, top: 0, width, height })
}

/** The same as {@link resample}, but only `window` of the result is computed. */
export function resampleWindow(image: PixelImage, { width, height, filter }: Resampling, window: Window): PixelImage {
  const keepsColumns = image.width === width && window.width === width
  const keepsRows = image.height === height && window.height === height
  const rows = resampleWeights(image.height, height, filter, PRECISION_BITS, { first: window.top, count: window.height })
  if (keepsColumns) return keepsRows ? image : resampleColumns(image, rows, 0)
  const columns = resampleWeights(image.width, width, filter, PRECISION_BITS, { first: window.left, count: window.width })
  if (keepsRows) return resampleRows(image, columns, 0, height)
  const last = window.height - 1
  const firstRow = rows.starts[0]
  const narrow = resampleRows(image, columns, firstRow, rows.starts[last] + rows.counts[last])
  return resampleColumns(narrow, rows, firstRow)
}

/** Rows `firstRow` up to, but not including, `endRow` of the picture. */
function resampleRows({ width, channels, data }: PixelImage, weights: ResampleWeights, firstRow: number, endRow: number): PixelImage {
  const { size } = weights
  const height = endRow - firstRow
  const output = new Uint8Array(size * height * channels)
  const row = channels === 1 ? resampleGreyRow : resampleColorRow
  for (let y = 0; y < height; y++) row(data, (firstRow + y) * width * channels, output, y * size * channels, weights)
  return { width: size, height, channels, data: output }
}

function resampleGreyRow(
  data: Uint8Array,
  from: number,
  output: Uint8Array,
  to: number,
  { size, taps, starts, counts, weights }: ResampleWeights,
): void {
  for (let x = 0; x < size; x++) {
    let position = from + starts[x]
    const first = x * taps
    const end = first + counts[x]
    let sum = ROUNDING
    for (let tap = first; tap < end; tap++) sum = (sum + Math.imul(data[position++], weights[tap])) | 0
    output[to + x] = clip(sum)
  }
}

function resampleColorRow(
  data: Uint8Array,
  from: number,
  output: Uint8Array,
  to: number,
  { size, taps, starts, counts, weights }: ResampleWeights,
): void {
  for (let x = 0; x < size; x++) {
    let position = from + starts[x] * 3
    const first = x * taps
    const end = first + counts[x]
    let red = ROUNDING
    let green = ROUNDING
    let blue = ROUNDING
    for (let tap = first; tap < end; tap++, position += 3) {
      const weight = weights[tap]
      red = (red + Math.imul(data[position], weight)) | 0
      green = (green + Math.imul(data[position + 1], weight)) | 0
      blue = (blue + Math.imul(data[position + 2], weight)) | 0
    }
    const target = to + x * 3
    output[target] = clip(red)
    output[target + 1] = clip(green)
    output[target + 2] = clip(blue)
  }
}

/** Goes through the source row by row, so that memory is read in order. `image` starts at row `firstRow` of the one that the weights are for. */
function resampleColumns({ width, channels, data }: PixelImage, weights: ResampleWeights, firstRow: number): PixelImage {
  const { size, taps, starts, counts } = weights
  const rowLength = width * channels
  const output = new Uint8Array(size * rowLength)
  const sums = new Int32Array(rowLength)
  for (let y = 0; y < size; y++) {
    sums.fill(ROUNDING)
    const start = starts[y] - firstRow
    for (let tap = 0; tap < counts[y]; tap++) addRow(sums, data, (start + tap) * rowLength, weights.weights[y * taps + tap])
    const to = y * rowLength
    for (let x = 0; x < rowLength; x++) output[to + x] = clip(sums[x])
  }
  return { width, height: size, channels, data: output }
}

function addRow(sums: Int32Array, data: Uint8Array, from: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += Math.imul(data[from + x], weight)
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}
