import type { RandomStream } from '@im-iad/core'
import { between, chance, scaleBetween } from './draws.ts'
import { fractalField } from './field.ts'
import { shadePixel, type Picture } from './picture.ts'

/** A few things that do not belong to the surface: lines, specks, clouds that are lighter or darker. */
export function paintMarks(picture: Picture, random: RandomStream): void {
  const count = 1 + random.integer(5)
  for (let mark = 0; mark < count; mark++) {
    const light = chance(random, 0.5) ? between(random, 0.2, 0.85) : between(random, 1.15, 2)
    const kind = random.uniform()
    if (kind < 0.4) paintLine(picture, light, random)
    else if (kind < 0.75) paintSpeck(picture, light, random)
    else paintCloud(picture, light, random)
  }
}

function paintLine(picture: Picture, light: number, random: RandomStream): void {
  const { size } = picture
  let [x, y, angle] = [size * random.uniform(), size * random.uniform(), between(random, 0, 2 * Math.PI)]
  const [wander, thickness] = [chance(random, 0.5) ? 0 : between(random, 0, 0.4), 1 + random.integer(3)]
  const length = size * between(random, 0.05, 0.6)
  for (let step = 0; step < length; step++) {
    for (let side = 0; side < thickness; side++) {
      const [column, row] = [Math.floor(x - side * Math.sin(angle)), Math.floor(y + side * Math.cos(angle))]
      if (column >= 0 && column < size && row >= 0 && row < size) shadePixel(picture, row * size + column, light)
    }
    angle += wander * between(random, -1, 1)
    x += Math.cos(angle)
    y += Math.sin(angle)
  }
}

function paintSpeck(picture: Picture, light: number, random: RandomStream): void {
  const { size } = picture
  const [x, y] = [size * random.uniform(), size * random.uniform()]
  const [radius, slant, angle] = [size * scaleBetween(random, 0.01, 0.1), between(random, 0.3, 1), between(random, 0, Math.PI)]
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(size, y + radius); row++)
    for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(size, x + radius); column++) {
      const along = ((column - x) * cos + (row - y) * sin) / radius
      const across = ((row - y) * cos - (column - x) * sin) / (radius * slant)
      const inside = 1 - Math.hypot(along, across)
      if (inside > 0) shadePixel(picture, row * size + column, 1 + (light - 1) * Math.min(1, inside * 4))
    }
}

function paintCloud(picture: Picture, light: number, random: RandomStream): void {
  const cloud = fractalField(picture.size, { frequency: between(random, 1, 4), octaves: 3 }, random)
  const [threshold, softness] = [between(random, 0.55, 0.8), between(random, 0.05, 0.3)]
  for (let index = 0; index < cloud.length; index++)
    if (cloud[index] > threshold) shadePixel(picture, index, 1 + (light - 1) * Math.min(1, (cloud[index] - threshold) / softness))
}
