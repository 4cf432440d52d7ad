import type { PixelImage } from '@im-iad/images'

/** Grey levels that a pixel must change by in some channel to be seen. */
export const VISIBLE = 8

/**
 * The mask of everything that differs visibly between two pictures of one size: 0 or 255. Gaps of one pixel are closed, as somebody who draws masks would.
 */
export function visibleChange(changed: PixelImage, original: PixelImage): PixelImage {
  const { width, height } = changed
  const raw = new Uint8Array(width * height)
  for (let pixel = 0; pixel < raw.length; pixel++)
    for (let channel = 0; channel < 3; channel++)
      if (Math.abs(changed.data[pixel * 3 + channel] - original.data[pixel * 3 + channel]) >= VISIBLE) raw[pixel] = 255
  return { width, height, channels: 1, data: spread(spread(raw, width, height, Math.max), width, height, Math.min) }
}

/** The largest (dilation) or smallest (erosion) value among each pixel and its eight neighbours. */
function spread(mask: Uint8Array, width: number, height: number, choose: (a: number, b: number) => number): Uint8Array {
  const result = mask.slice()
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let value = mask[y * width + x]
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++)
          value = choose(value, mask[row * width + column])
      result[y * width + x] = value
    }
  return result
}
