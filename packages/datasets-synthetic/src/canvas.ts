import type { Point, Shape } from './shapes.ts'

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
  /** The scene's point at the picture's upper left corner. */
  readonly origin: Point
  /** float32 `[height, width, 3]`. */
  readonly data: Float32Array
}

export function createCanvas(width: number, height: number, origin: Point): Canvas {
  return { width, height, unit: Math.min(width, height), origin, data: new Float32Array(width * height * 3) }
}

/** A radius that leaves a mark at every size: that of a pixel at least. */
export function visibleRadius({ unit }: Canvas, radius: number): number {
  return Math.max(radius, 0.7 / unit)
}

/** Covers the whole canvas. */
export function paintGround(canvas: Canvas, colour: Colour, shade: Shade): void {
  const { width, height, unit, origin, data } = canvas
  for (let row = 0, index = 0; row < height; row++)
    for (let column = 0; column < width; column++, index += 3) {
      const factor = shade((column + 0.5) / unit + origin.x, (row + 0.5) / unit + origin.y)
      data[index] = colour[0] * factor
      data[index + 1] = colour[1] * factor
      data[index + 2] = colour[2] * factor
    }
}

/** Paints a shape with smooth edges one pixel wide. @param opacity - 0…1 */
export function paintShape(
  canvas: Canvas,
  shape: Shape,
  colour: Colour,
  { shade = () => 1, opacity = 1 }: { readonly shade?: Shade; readonly opacity?: number } = {},
): void {
  const { data } = canvas
  forEachCovered(canvas, shape, (index, x, y, coverage) => {
    const factor = shade(x, y)
    for (let channel = 0; channel < 3; channel++)
      data[index + channel] += opacity * coverage * (colour[channel] * factor - data[index + channel])
  })
}

/** Brightens or darkens what is painted already, inside a shape. */
export function shadeShape(canvas: Canvas, shape: Shape, shade: Shade): void {
  const { data } = canvas
  forEachCovered(canvas, shape, (index, x, y, coverage) => {
    const factor = 1 + coverage * (shade(x, y) - 1)
    for (let channel = 0; channel < 3; channel++) data[index + channel] *= factor
  })
}

/** Calls `visit` for every pixel of a shape, with its place in `data`, its middle, and how much of it the shape covers: more than 0, at most 1. */
function forEachCovered(
  { width, height, unit, origin }: Canvas,
  { bounds, distance }: Shape,
  visit: (index: number, x: number, y: number, coverage: number) => void,
): void {
  const left = Math.max(0, Math.floor((bounds.left - origin.x) * unit) - 1)
  const right = Math.min(width, Math.ceil((bounds.right - origin.x) * unit) + 1)
  const bottom = Math.min(height, Math.ceil((bounds.bottom - origin.y) * unit) + 1)
  for (let row = Math.max(0, Math.floor((bounds.top - origin.y) * unit) - 1); row < bottom; row++)
    for (let column = left; column < right; column++) {
      const x = (column + 0.5) / unit + origin.x
      const y = (row + 0.5) / unit + origin.y
      const coverage = Math.min(1, Math.max(0, 0.5 - distance(x, y) * unit))
      if (coverage > 0) visit((row * width + column) * 3, x, y, coverage)
    }
}
