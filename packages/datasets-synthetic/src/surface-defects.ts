import type { RandomStream } from '@im-iad/core'
import { paintShape, shadeShape, visibleRadius, type Canvas, type Colour } from './canvas.ts'
import { between, noiseSeed } from './category.ts'
import { fractalNoise } from './noise.ts'
import { blob, circle, intersection, polyline, segment, turn, type Point, type Shape } from './shapes.ts'

/** Damage that looks alike on every surface. `within` keeps it on a part. */
export interface DefectPlace {
  readonly canvas: Canvas
  readonly at: Point
  readonly random: RandomStream
  readonly within?: Shape
}

const clip = (shape: Shape, within: Shape | undefined): Shape => (within === undefined ? shape : intersection(within, shape))

/** A thin straight line. */
export function scratch({ canvas, at, random, within }: DefectPlace, colour: Colour, length: number, opacity: number): void {
  const angle = between(random, 0, Math.PI)
  const half = (length * between(random, 0.6, 1)) / 2
  const [dx, dy] = [Math.cos(angle) * half, Math.sin(angle) * half]
  const line = segment({ x: at.x - dx, y: at.y - dy }, { x: at.x + dx, y: at.y + dy }, visibleRadius(canvas, between(random, 0.003, 0.006)))
  paintShape(canvas, clip(line, within), colour, { opacity })
}

/** A dark line that wanders. */
export function crack({ canvas, at, random, within }: DefectPlace, colour: Colour, length: number, opacity: number): void {
  const points = [at]
  let angle = between(random, 0, 2 * Math.PI)
  const steps = 7
  for (let step = 0; step < steps; step++) {
    angle += between(random, -0.7, 0.7)
    const last = points[points.length - 1]
    points.push({ x: last.x + (Math.cos(angle) * length) / steps, y: last.y + (Math.sin(angle) * length) / steps })
  }
  paintShape(canvas, clip(polyline(points, visibleRadius(canvas, between(random, 0.003, 0.006))), within), colour, { opacity })
}

/** A soft discoloured patch. */
export function stain({ canvas, at, random, within }: DefectPlace, colour: Colour, radius: number, opacity: number): void {
  const noise = fractalNoise(noiseSeed(random), 14, 3)
  const shape = blob(at, radius * between(random, 0.7, 1.2), radius * between(random, 0.7, 1.2), 0.35, noise)
  paintShape(canvas, clip(shape, within), colour, { opacity, shade: (x, y) => 0.85 + 0.3 * noise(x + 3, y) })
}

/** A hollow: one flank catches the light, the other lies in shadow. @param depth - the strongest change of brightness */
export function dent({ canvas, at, random, within }: DefectPlace, radius: number, depth: number): void {
  const { cos, sin } = turn(between(random, 0, 2 * Math.PI))
  shadeShape(canvas, clip(circle(at, radius), within), (x, y) => {
    const toLight = ((x - at.x) * cos + (y - at.y) * sin) / radius
    const squared = ((x - at.x) ** 2 + (y - at.y) ** 2) / radius ** 2
    // Steepest half-way to the rim, and level there: 2.6 brings the peak to 1.
    return 1 + depth * 2.6 * toLight * Math.max(0, 1 - squared)
  })
}

/** A hole or a lump with a hard edge. */
export function spot({ canvas, at, random, within }: DefectPlace, colour: Colour, radius: number): void {
  const noise = fractalNoise(noiseSeed(random), 20, 2)
  const radii = [between(random, 0.8, 1.3), between(random, 0.8, 1.3)].map((factor) => visibleRadius(canvas, radius * factor))
  paintShape(canvas, clip(blob(at, radii[0], radii[1], 0.2, noise), within), colour)
}
