import type { PixelImage } from '@im-iad/images'

/** Side of the thumbnails that are compared, in cells. */
export const THUMBNAIL_SIDE = 32

/** Cells of a thumbnail. */
export const THUMBNAIL_CELLS: number = THUMBNAIL_SIDE * THUMBNAIL_SIDE

/** Levels are kept in steps of 1/256. */
const STEPS = 256

/** What is left of a picture for comparing it. */
export interface Thumbnail {
  /** The picture's own size, in pixels. */
  readonly width: number
  readonly height: number
  /** uint16 `[32 * 32]`, in steps of 1/256 grey level. */
  readonly levels: Uint16Array
}

/**
 * Mean luma (BT.601, what JPEG keeps best) of 32 x 32 equal cells, of a picture. Means over areas, with pixels that lie in two cells counted in
 * parts, are nearly the same for a picture and for its resized or re-encoded copy.
 */
export function thumbnailOf({ width, height, channels, data }: PixelImage): Thumbnail {
  const rows = new Float64Array(height * THUMBNAIL_SIDE)
  const sums = new Float64Array(width + 1)
  for (let y = 0; y < height; y++) {
    let sum = 0
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels
      const red = data[at] ?? 0
      sum += channels === 1 ? red : 0.299 * red + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
      sums[x + 1] = sum
    }
    for (let column = 0; column < THUMBNAIL_SIDE; column++) rows[y * THUMBNAIL_SIDE + column] = cellMean(sums, width, column)
  }
  const levels = new Uint16Array(THUMBNAIL_CELLS)
  const below = new Float64Array(height + 1)
  for (let column = 0; column < THUMBNAIL_SIDE; column++) {
    for (let y = 0; y < height; y++) below[y + 1] = (below[y] ?? 0) + (rows[y * THUMBNAIL_SIDE + column] ?? 0)
    for (let row = 0; row < THUMBNAIL_SIDE; row++) levels[row * THUMBNAIL_SIDE + column] = Math.round(cellMean(below, height, row) * STEPS)
  }
  return { width, height, levels }
}

/** The mean over one of 32 equal stretches. @param sums - of the first 0, 1, … `length` values */
function cellMean(sums: Float64Array, length: number, cell: number): number {
  const size = length / THUMBNAIL_SIDE
  return (sumUpTo(sums, length, (cell + 1) * size) - sumUpTo(sums, length, cell * size)) / size
}

/** The sum up to any place between two values: of the one that it lies in, a part. */
function sumUpTo(sums: Float64Array, length: number, place: number): number {
  const whole = Math.min(length, Math.floor(place))
  const sum = sums[whole] ?? 0
  return whole === length ? sum : sum + (place - whole) * ((sums[whole + 1] ?? 0) - sum)
}

/** The order in which cells are compared: a stride without common divisor, since neighbouring cells tell the same. */
const STRIDE = 397

/** Cells that a first comparison looks at. */
const HEAD_CELLS = 32

/** The first cells of many thumbnails, side by side: a search that looks at all pairs stays within the processor's cache. */
export interface ThumbnailHeads {
  /** Whether two differ so much in their first cells alone that their distance is certain to pass `limit` (grey levels). */
  areApart(first: number, second: number, limit: number): boolean
}

export function thumbnailHeads(thumbnails: readonly Thumbnail[]): ThumbnailHeads {
  const heads = new Float32Array(thumbnails.length * HEAD_CELLS)
  for (const [index, { levels }] of thumbnails.entries())
    for (let cell = 0; cell < HEAD_CELLS; cell++) heads[index * HEAD_CELLS + cell] = levels[(cell * STRIDE) % THUMBNAIL_CELLS] ?? 0
  return {
    areApart(first, second, limit) {
      const most = (limit * STEPS) ** 2 * THUMBNAIL_CELLS
      let sum = 0
      for (let cell = 0; cell < HEAD_CELLS && sum <= most; cell++) {
        const difference = (heads[first * HEAD_CELLS + cell] ?? 0) - (heads[second * HEAD_CELLS + cell] ?? 0)
        sum += difference * difference
      }
      return sum > most
    },
  }
}

/** Root mean square difference of two thumbnails in grey levels, or Infinity as soon as it is certain to pass `limit`. */
export function thumbnailDistance({ levels: first }: Thumbnail, { levels: second }: Thumbnail, limit: number = Infinity): number {
  const most = (limit * STEPS) ** 2 * THUMBNAIL_CELLS
  let sum = 0
  for (let step = 0, cell = 0; step < THUMBNAIL_CELLS; step++, cell = (cell + STRIDE) % THUMBNAIL_CELLS) {
    const difference = (first[cell] ?? 0) - (second[cell] ?? 0)
    sum += difference * difference
    if (sum > most) return Infinity
  }
  return Math.sqrt(sum / THUMBNAIL_CELLS) / STEPS
}

/** Mean and standard deviation of a thumbnail, in grey levels. */
export function thumbnailStatistics({ levels }: Thumbnail): { readonly mean: number; readonly deviation: number } {
  let sum = 0
  let squares = 0
  for (const level of levels) {
    sum += level
    squares += level * level
  }
  const mean = sum / THUMBNAIL_CELLS
  return { mean: mean / STEPS, deviation: Math.sqrt(Math.max(0, squares / THUMBNAIL_CELLS - mean * mean)) / STEPS }
}
