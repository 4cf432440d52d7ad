import type { PixelImage } from '@im-iad/images'
import { clampLevel } from './lookup-tables.ts'

/** Pillow's `ImageEnhance.Sharpness`: away from (above 1) or towards (below 1) the picture smoothed by a 3x3 kernel of ones with 5 in the middle; the outermost pixels stay. */
export function sharpen({ width, height, channels, data }: PixelImage, factor: number): PixelImage {
  const changed = Uint8Array.from(data)
  const row = width * channels
  for (let y = 1; y < height - 1; y++)
    for (let place = y * row + channels; place < (y + 1) * row - channels; place++) {
      const above = data[place - row - channels] + data[place - row] + data[place - row + channels]
      const beside = data[place - channels] + 5 * data[place] + data[place + channels]
      const below = data[place + row - channels] + data[place + row] + data[place + row + channels]
      const smooth = Math.round((above + beside + below) / 13)
      changed[place] = clampLevel(smooth + factor * (data[place] - smooth))
    }
  return { width, height, channels, data: changed }
}
