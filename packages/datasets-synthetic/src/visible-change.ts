import type { PixelImage } from '@im-iad/images'

/** Grey levels that a pixel must change by in some channel to be seen. */
export const VISIBLE = 8

/** Gaps up to twice this wide are closed, in units of the shorter side: a torn thread that shows in every other mesh is one defect. */
const CLOSING = 0.025

/**
 * The mask of everything that differs visibly between two pictures of one size: 0 or 255. Small gaps are closed, as somebody who draws masks would. In tiny
 * pictures no pixel may differ by {@link VISIBLE}; the limit is then half of the largest difference, so that no mask of a defect is empty.
 */
export function visibleChange(changed: PixelImage, original: PixelImage): PixelImage {
  const { width, height } = changed
  const change = new Uint8Array(width * height)
  let largest = 0
  for (let index = 0; index < changed.data.length; index++) {
    const pixel = Math.floor(index / 3)
    change[pixel] = Math.max(change[pixel], Math.abs(changed.data[index] - original.data[index]))
    largest = Math.max(largest, change[pixel])
  }
  const limit = Math.max(1, Math.min(VISIBLE, largest / 2))
  const raw = change.map((value) => (value >= limit ? 255 : 0))
  return { width, height, channels: 1, data: close(raw, width, height, Math.round(CLOSING * Math.min(width, height))) }
}

/** Morphological closing with a square of `2 radius + 1` pixels: dilation, then erosion. What lies beyond the border never counts. */
function close(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  return grow(grow(mask, width, height, radius, 255), width, height, radius, 0)
}

/** Gives every pixel within `radius` of one that has `value`, along rows and then along columns, that value. */
function grow(mask: Uint8Array, width: number, height: number, radius: number, value: number): Uint8Array {
  const result = mask.slice()
  growLines(result, value, radius, height, width, width, 1)
  growLines(result, value, radius, width, 1, height, width)
  return result
}

function growLines(mask: Uint8Array, value: number, radius: number, lines: number, lineStep: number, length: number, step: number): void {
  const line = new Uint8Array(length)
  for (let start = 0; start < lines * lineStep; start += lineStep) {
    for (let place = 0; place < length; place++) line[place] = mask[start + place * step]
    for (let place = 0, filled = 0; place < length; place++) {
      if (line[place] !== value) continue
      const end = Math.min(length, place + radius + 1)
      for (filled = Math.max(filled, place - radius); filled < end; filled++) mask[start + filled * step] = value
    }
  }
}
