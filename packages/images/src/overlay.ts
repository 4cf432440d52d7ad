import { colorTable, type ColorMap } from './color-map.ts'
import type { FloatMap } from './float-map.ts'
import { toRgb } from './geometry.ts'
import type { PixelImage } from './pixel-image.ts'

/** The values that the ends of a colour map stand for. */
export interface ValueRange {
  readonly min: number
  readonly max: number
}

export interface OverlayOptions {
  readonly range: ValueRange
  /** Opacity of the heat at the upper end of the range, 0…1; it grows with the value from 0. */
  readonly opacity?: number
  readonly colorMap?: ColorMap
  /** 0 or 1, `[height, width]`; drawn as an outline. */
  readonly mask?: Uint8Array
}

/** A map as colours. */
export function colorize(map: FloatMap, range: ValueRange, colorMap: ColorMap = 'inferno'): PixelImage {
  const table = colorTable(colorMap)
  const data = new Uint8Array(map.data.length * 3)
  for (let pixel = 0; pixel < map.data.length; pixel++) {
    const colour = levelOf(map.data[pixel], range) * 3
    data[pixel * 3] = table[colour]
    data[pixel * 3 + 1] = table[colour + 1]
    data[pixel * 3 + 2] = table[colour + 2]
  }
  return { width: map.width, height: map.height, channels: 3, data }
}

/**
 * Heat over a picture, and the outline of the true defect where a mask is given.
 * @throws RangeError when picture, map and mask differ in size
 */
export function overlay(picture: PixelImage, map: FloatMap, options: OverlayOptions): PixelImage {
  if (picture.width !== map.width || picture.height !== map.height)
    throw new RangeError(`the picture is ${picture.width}x${picture.height}, the map ${map.width}x${map.height} pixels`)
  const { range, opacity = 0.75, colorMap = 'turbo', mask } = options
  const table = colorTable(colorMap)
  const data = toRgb(picture).data.slice()
  for (let pixel = 0; pixel < map.data.length; pixel++) {
    const level = levelOf(map.data[pixel], range)
    const alpha = (opacity * level) / 255
    for (let channel = 0; channel < 3; channel++) {
      const index = pixel * 3 + channel
      data[index] = Math.round(data[index] * (1 - alpha) + table[level * 3 + channel] * alpha)
    }
  }
  if (mask !== undefined) drawOutline(data, mask, map.width, map.height)
  return { width: map.width, height: map.height, channels: 3, data }
}

/** 0…255; what is not a number counts as the lower end. */
function levelOf(value: number, { min, max }: ValueRange): number {
  const position = (value - min) / (max - min)
  return position > 0 ? Math.round(Math.min(1, position) * 255) : 0
}

/** White where a pixel of the mask touches one outside it, or the border. @throws RangeError when the mask has another size */
function drawOutline(data: Uint8Array, mask: Uint8Array, width: number, height: number): void {
  if (mask.length !== width * height) throw new RangeError(`the mask has ${mask.length} pixels, the map ${width * height}`)
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (inside(x, y) && !(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1)))
        data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3)
}
