import type { PixelImage } from './pixel-image.ts'
import { resampleWeights, type ResampleFilter, type ResampleWeights } from './resample-weights.ts'

/** Fractional bits of the fixed-point weights: 32 less 8 of the pixel and 2 of headroom, as in Pillow's 8-bit resampler. */
const PRECISION_BITS = 22

/**
 * Resizes the whole picture to exactly `width` x `height`, antialiased. Bit for bit what Pillow's `Image.resize` gives for `BILINEAR` and `LANCZOS`:
 * fixed-point weights, first along rows, then along columns, rounded to 8 bits in between.
 */
export function resample(
  image: PixelImage,
  { width, height, filter }: { readonly width: number; readonly height: number; readonly filter: ResampleFilter },
): PixelImage {
  const wide = image.width === width ? image : resampleRows(image, resampleWeights(image.width, width, filter, PRECISION_BITS))
  return wide.height === height ? wide : resampleColumns(wide, resampleWeights(image.height, height, filter, PRECISION_BITS))
}

function resampleRows({ width, height, channels, data }: PixelImage, { size, starts, counts, weights, taps }: ResampleWeights): PixelImage {
  const output = new Uint8Array(size * height * channels)
  const row = channels === 1 ? resampleGreyRow : resampleColourRow
  for (let y = 0; y < height; y++) row(data, y * width * channels, output, y * size * channels, size, starts, counts, weights, taps)
  return { width: size, height, channels, data: output }
}

function resampleGreyRow(
  data: Uint8Array,
  from: number,
  output: Uint8Array,
  to: number,
  size: number,
  starts: Int32Array,
  counts: Int32Array,
  weights: Int32Array,
  taps: number,
): void {
  for (let x = 0; x < size; x++) {
    const first = from + starts[x]
    const count = counts[x]
    const base = x * taps
    let sum = ROUNDING
    for (let tap = 0; tap < count; tap++) sum = (sum + Math.imul(data[first + tap], weights[base + tap])) | 0
    output[to + x] = clip(sum)
  }
}

function resampleColourRow(
  data: Uint8Array,
  from: number,
  output: Uint8Array,
  to: number,
  size: number,
  starts: Int32Array,
  counts: Int32Array,
  weights: Int32Array,
  taps: number,
): void {
  for (let x = 0; x < size; x++) {
    let position = from + starts[x] * 3
    const base = x * taps
    const end = base + counts[x]
    let red = ROUNDING
    let green = ROUNDING
    let blue = ROUNDING
    for (let tap = base; tap < end; tap++, position += 3) {
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

/** Goes through the source row by row, so that memory is read in order. */
function resampleColumns({ width, channels, data }: PixelImage, { size, starts, counts, weights, taps }: ResampleWeights): PixelImage {
  const rowLength = width * channels
  const output = new Uint8Array(size * rowLength)
  const sums = new Int32Array(rowLength)
  for (let y = 0; y < size; y++) {
    sums.fill(ROUNDING)
    for (let tap = 0; tap < counts[y]; tap++) addRow(sums, data, (starts[y] + tap) * rowLength, weights[y * taps + tap])
    const to = y * rowLength
    for (let x = 0; x < rowLength; x++) output[to + x] = clip(sums[x])
  }
  return { width, height: size, channels, data: output }
}

function addRow(sums: Int32Array, data: Uint8Array, from: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += Math.imul(data[from + x], weight)
}

/** Half of one grey level. */
const ROUNDING = 1 << (PRECISION_BITS - 1)

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}
