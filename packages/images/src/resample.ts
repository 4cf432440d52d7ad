import type { PixelImage } from './pixel-image.ts'
import { PRECISION_BITS, resampleWeights, type ResampleFilter, type ResampleWeights } from './resample-weights.ts'

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
  const kernel = channels === 1 ? resampleGreyRows : resampleColorRows
  const rowsAtOnce = channels === 1 ? 4 : 2
  // Blocks at the lower end overlap; a picture lower than a block goes row by row, each row as all of its block.
  const step = Math.min(height, rowsAtOnce) === rowsAtOnce ? rowsAtOnce : 1
  const inputStride = step === 1 ? 0 : width * channels
  const outputStride = step === 1 ? 0 : size * channels
  for (let next = 0; next < height; next += step) {
    const y = Math.min(next, height - step)
    kernel(data, (firstRow + y) * width * channels, inputStride, output, y * size * channels, outputStride, weights)
  }
  return { width: size, height, channels, data: output }
}

/** Four rows at once, so that four sums share each weight: twice as fast as one by one. */
function resampleGreyRows(
  data: Uint8Array,
  from: number,
  inputStride: number,
  output: Uint8Array,
  to: number,
  outputStride: number,
  { size, taps, starts, counts, weights }: ResampleWeights,
): void {
  for (let x = 0; x < size; x++) {
    let position = from + starts[x]
    const first = x * taps
    const end = first + counts[x]
    let row0 = ROUNDING
    let row1 = ROUNDING
    let row2 = ROUNDING
    let row3 = ROUNDING
    for (let tap = first; tap < end; tap++, position++) {
      const weight = weights[tap]
      row0 = (row0 + Math.imul(data[position], weight)) | 0
      row1 = (row1 + Math.imul(data[position + inputStride], weight)) | 0
      row2 = (row2 + Math.imul(data[position + 2 * inputStride], weight)) | 0
      row3 = (row3 + Math.imul(data[position + 3 * inputStride], weight)) | 0
    }
    const target = to + x
    output[target] = clip(row0)
    output[target + outputStride] = clip(row1)
    output[target + 2 * outputStride] = clip(row2)
    output[target + 3 * outputStride] = clip(row3)
  }
}

/** Two rows at once: six sums share each weight. */
function resampleColorRows(
  data: Uint8Array,
  from: number,
  inputStride: number,
  output: Uint8Array,
  to: number,
  outputStride: number,
  { size, taps, starts, counts, weights }: ResampleWeights,
): void {
  for (let x = 0; x < size; x++) {
    let position = from + starts[x] * 3
    const first = x * taps
    const end = first + counts[x]
    let red0 = ROUNDING
    let green0 = ROUNDING
    let blue0 = ROUNDING
    let red1 = ROUNDING
    let green1 = ROUNDING
    let blue1 = ROUNDING
    for (let tap = first; tap < end; tap++, position += 3) {
      const weight = weights[tap]
      const below = position + inputStride
      red0 = (red0 + Math.imul(data[position], weight)) | 0
      green0 = (green0 + Math.imul(data[position + 1], weight)) | 0
      blue0 = (blue0 + Math.imul(data[position + 2], weight)) | 0
      red1 = (red1 + Math.imul(data[below], weight)) | 0
      green1 = (green1 + Math.imul(data[below + 1], weight)) | 0
      blue1 = (blue1 + Math.imul(data[below + 2], weight)) | 0
    }
    const target0 = to + x * 3
    const target1 = target0 + outputStride
    output[target0] = clip(red0)
    output[target0 + 1] = clip(green0)
    output[target0 + 2] = clip(blue0)
    output[target1] = clip(red1)
    output[target1 + 1] = clip(green1)
    output[target1 + 2] = clip(blue1)
  }
}

/** `image` starts at row `firstRow` of the one that the weights are for. */
function resampleColumns({ width, channels, data }: PixelImage, weights: ResampleWeights, firstRow: number): PixelImage {
  const rowLength = width * channels
  const output = new Uint8Array(weights.size * rowLength)
  for (let y = 0; y < weights.size; y++)
    resampleToRow(data, (weights.starts[y] - firstRow) * rowLength, output, y * rowLength, rowLength, y, weights)
  return { width, height: weights.size, channels, data: output }
}

/** Row `y` of the result, four neighbouring values at once. */
function resampleToRow(
  data: Uint8Array,
  from: number,
  output: Uint8Array,
  to: number,
  rowLength: number,
  y: number,
  { taps, counts, weights }: ResampleWeights,
): void {
  const first = y * taps
  const end = first + counts[y]
  // The last four overlap the ones before; a row of fewer goes one by one, each as all four.
  const step = rowLength < 4 ? 1 : 4
  const lane = step === 1 ? 0 : 1
  for (let next = 0; next < rowLength; next += step) {
    const x = Math.min(next, rowLength - step)
    let position = from + x
    let value0 = ROUNDING
    let value1 = ROUNDING
    let value2 = ROUNDING
    let value3 = ROUNDING
    for (let tap = first; tap < end; tap++, position += rowLength) {
      const weight = weights[tap]
      value0 = (value0 + Math.imul(data[position], weight)) | 0
      value1 = (value1 + Math.imul(data[position + lane], weight)) | 0
      value2 = (value2 + Math.imul(data[position + 2 * lane], weight)) | 0
      value3 = (value3 + Math.imul(data[position + 3 * lane], weight)) | 0
    }
    const target = to + x
    output[target] = clip(value0)
    output[target + lane] = clip(value1)
    output[target + 2 * lane] = clip(value2)
    output[target + 3 * lane] = clip(value3)
  }
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}
