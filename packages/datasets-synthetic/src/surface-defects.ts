import type { RandomStream } from '@im-iad/core'
import { paintShape, type Canvas, type Colour } from './canvas.ts'
import { between, noiseSeed } from './category.ts'
import { fractalNoise } from './noise.ts'
import { blob, intersection, polyline, segment, type Point, type Shape } from './shapes.ts'

/** Damage that looks alike on every surface. `within` keeps it on a part. */
export interface DefectPlace {
  readonly canvas: Canvas
  readonly at: Point
  readonly random: RandomStream
  readonly within?: Shape
}

const clip = (shape: Shape, within: Shape | undefined): Shape => (within === undefined ? shape : intersection(within, shape))

/** A thin straight line. */
export function scratch({ canvas, at, random, within }: DefectPlace, colour: Colour, length: number): void {
  const angle = between(random, 0, Math.PI)
  const half = (length * between(random, 0.6, 1)) / 2
  const [dx, dy] = [Math.cos(angle) * half, Math.sin(angle) * half]
  const line = segment({ x: at.x - dx, y: at.y - dy }, { x: at.x + dx, y: at.y + dy }, between(random, 0.004, 0.007))
  paintShape(canvas, clip(line, within), colour, { opacity: 0.85 })
}

/** A dark line that wanders. */
export function crack({ canvas, at, random, within }: DefectPlace, colour: Colour, length: number): void {
  const points = [at]
  let angle = between(random, 0, 2 * Math.PI)
  const steps = 7
  for (let step = 0; step < steps; step++) {
    angle += between(random, -0.7, 0.7)
    const last = points[points.length - 1]
    points.push({ x: last.x + (Math.cos(angle) * length) / steps, y: last.y + (Math.sin(angle) * length) / steps })
  }
  paintShape(canvas, clip(polyline(points, between(random, 0.004, 0.007)), within), colour, { opacity: 0.9 })
}

/** A soft discoloured patch. */
export function stain({ canvas, at, random, within }: DefectPlace, colour: Colour, radius: number, opacity: number): void {
  const noise = fractalNoise(noiseSeed(random), 14, 3)
  const shape = blob(at, radius * between(random, 0.7, 1.2), radius * between(random, 0.7, 1.2), 0.35, noise)
  paintShape(canvas, clip(shape, within), colour, { opacity, shade: (x, y) => 0.85 + 0.3 * noise(x + 3, y) })
}

/** A hole or a lump with a hard edge. */
export function spot({ canvas, at, random, within }: DefectPlace, colour: Colour, radius: number): void {
  const noise = fractalNoise(noiseSeed(random), 20, 2)
  paintShape(canvas, clip(blob(at, radius * between(random, 0.8, 1.3), radius * between(random, 0.8, 1.3), 0.2, noise), within), colour)
}
