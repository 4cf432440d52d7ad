import type { PixelImage } from '@im-iad/images'
import type { Shape } from './shapes.ts'

/** Red, green and blue, 0…255. */
export type Colour = readonly [number, number, number]

/** A brightness factor at a point; 1 leaves a colour as it is. */
export type Shade = (x: number, y: number) => number

/** A picture being painted. Lengths are in units of its shorter side, so that a scene looks the same at every size. */
export interface Canvas {
  readonly width: number
  readonly height: number
  /** Pixels per unit. */
  readonly unit: number
  /** float32 `[height, width, 3]`. */
  readonly data: Float32Array
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, unit: Math.min(width, height), data: new Float32Array(width * height * 3) }
}

/** Covers the whole canvas. */
export function paintGround(canvas: Canvas, colour: Colour, shade: Shade): void {
  const { width, height, unit, data } = canvas
  for (let row = 0, index = 0; row < height; row++)
    for (let column = 0; column < width; column++, index += 3) {
      const factor = shade((column + 0.5) / unit, (row + 0.5) / unit)
      data[index] = colour[0] * factor
      data[index + 1] = colour[1] * factor
      data[index + 2] = colour[2] * factor
    }
}

/** Paints a shape with smooth edges one pixel wide. @param opacity - 0…1 */
export function paintShape(
  canvas: Canvas,
  { bounds, distance }: Shape,
  colour: Colour,
  { shade = () => 1, opacity = 1 }: { readonly shade?: Shade; readonly opacity?: number } = {},
): void {
  const { width, height, unit, data } = canvas
  const left = Math.max(0, Math.floor(bounds.left * unit) - 1)
  const right = Math.min(width, Math.ceil(bounds.right * unit) + 1)
  const bottom = Math.min(height, Math.ceil(bounds.bottom * unit) + 1)
  for (let row = Math.max(0, Math.floor(bounds.top * unit) - 1); row < bottom; row++)
    for (let column = left; column < right; column++) {
      const x = (column + 0.5) / unit
      const y = (row + 0.5) / unit
      const coverage = opacity * Math.min(1, Math.max(0, 0.5 - distance(x, y) * unit))
      if (coverage === 0) continue
      const factor = shade(x, y)
      const index = (row * width + column) * 3
      for (let channel = 0; channel < 3; channel++) data[index + channel] += coverage * (colour[channel] * factor - data[index + channel])
    }
}

/** Multiplies by a brightness at every pixel, adds grain, and rounds to 8 bits. */
export function finish({ width, height, unit, data }: Canvas, illumination: Shade, grain: Float32Array): PixelImage {
  const pixels = new Uint8Array(data.length)
  for (let row = 0, pixel = 0; row < height; row++)
    for (let column = 0; column < width; column++, pixel++) {
      const factor = illumination((column + 0.5) / unit, (row + 0.5) / unit)
      for (let channel = 0; channel < 3; channel++) {
        const index = pixel * 3 + channel
        pixels[index] = Math.min(255, Math.max(0, Math.round(data[index] * factor + grain[pixel])))
      }
    }
  return { width, height, channels: 3, data: pixels }
}
