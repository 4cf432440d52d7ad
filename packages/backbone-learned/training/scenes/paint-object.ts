import type { RandomStream } from '@im-iad/core'
import type { Depth } from '../objects/object-family.ts'
import { between, chance, choose, scaleBetween } from './draws.ts'
import type { Field } from './field.ts'
import { paletteIndex, type Palette } from './palette.ts'
import { blendPixel, shadePixel, type Picture } from './picture.ts'

/** Where an object lies and how the light falls on it. */
interface Placement {
  readonly x: number
  readonly y: number
  /** Pixels. */
  readonly radius: number
  readonly cos: number
  readonly sin: number
}

const FINISHES = ['flat', 'bevelled', 'round'] as const

/** Paints one object: outline, surface, light on its edges, and in half of the cases its shadow. */
export function paintObject(picture: Picture, outline: Depth, surface: Field, palette: Palette, random: RandomStream): void {
  const { size } = picture
  const angle = between(random, 0, 2 * Math.PI)
  const place: Placement = {
    x: size * between(random, -0.05, 1.05),
    y: size * between(random, -0.05, 1.05),
    radius: size * scaleBetween(random, 0.06, 0.5),
    cos: Math.cos(angle),
    sin: Math.sin(angle),
  }
  const lightAngle = between(random, 0, 2 * Math.PI)
  const light = [Math.cos(lightAngle), Math.sin(lightAngle)] as const
  if (chance(random, 0.5)) castShadow(picture, outline, place, light, random)
  const finish = choose(random, FINISHES)
  const [strength, edge, roughness] = [between(random, 0.2, 0.7), between(random, 0.05, 0.25), between(random, 0, 1)]
  const shift = random.integer(size * size)
  const tone = random.uniform()
  visit(size, place, outline, (index, depth, coverage) => {
    const [right, below] = slope(outline, place, index, size)
    const rise = finish === 'flat' ? 0 : finish === 'bevelled' ? Math.max(0, 1 - depth / edge) : Math.max(0, 1 - 1.4 * depth)
    const shading = 1 + strength * rise * (right * light[0] + below * light[1])
    const brightness = tone + roughness * (surface[(index + shift) % surface.length] - 0.5)
    blendPixel(picture, index, palette, paletteIndex(brightness), shading, coverage)
  })
}

function castShadow(picture: Picture, outline: Depth, place: Placement, light: readonly [number, number], random: RandomStream): void {
  const distance = place.radius * between(random, 0.03, 0.25)
  const [opacity, softness] = [between(random, 0.2, 0.6), between(random, 0.02, 0.3)]
  const shadow = { ...place, x: place.x + distance * light[0], y: place.y + distance * light[1] }
  visit(picture.size, shadow, outline, (index, depth) => shadePixel(picture, index, 1 - opacity * Math.min(1, depth / softness)))
}

/** Calls back for every pixel that the outline covers. */
function visit(size: number, place: Placement, outline: Depth, paint: (index: number, depth: number, coverage: number) => void): void {
  const { x, y, radius } = place
  const [top, bottom] = [Math.max(0, Math.floor(y - radius)), Math.min(size, Math.ceil(y + radius))]
  const [left, right] = [Math.max(0, Math.floor(x - radius)), Math.min(size, Math.ceil(x + radius))]
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const depth = depthAt(outline, place, column, row)
      const coverage = Math.min(1, Math.max(0, 0.5 + depth * radius))
      if (coverage > 0) paint(row * size + column, Math.max(0, depth), coverage)
    }
}

function depthAt(outline: Depth, { x, y, radius, cos, sin }: Placement, column: number, row: number): number {
  const [across, down] = [(column - x) / radius, (row - y) / radius]
  return outline(across * cos + down * sin, down * cos - across * sin)
}

/** Which way it goes out of the object, as a direction in the picture. */
function slope(outline: Depth, place: Placement, index: number, size: number): readonly [number, number] {
  const [column, row] = [index % size, Math.floor(index / size)]
  const here = depthAt(outline, place, column, row)
  const right = here - depthAt(outline, place, column + 1, row)
  const below = here - depthAt(outline, place, column, row + 1)
  const length = Math.hypot(right, below) || 1
  return [right / length, below / length]
}
