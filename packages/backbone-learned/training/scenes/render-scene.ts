import { createRandomSource, type RandomStream } from '@im-iad/core'
import { OBJECTS } from '../objects/all-objects.ts'
import { TEXTURES } from '../textures/all-textures.ts'
import { between, chance, choose, scaleBetween } from './draws.ts'
import { fractalField, type Field } from './field.ts'
import { paintMarks } from './paint-marks.ts'
import { paintObject } from './paint-object.ts'
import { createPalette, paletteIndex } from './palette.ts'
import { photograph } from './photograph.ts'
import { blendPixel, paintField, type Picture } from './picture.ts'

/** Picture `number` of the endless series of a seed: uint8 RGB, `[size, size, 3]`. The same on every machine. */
export function renderScene(seed: number, number: number, size: number): Uint8Array {
  const random = createRandomSource(seed, 'scene').stream(String(number))
  return photograph(paintScene(size, random), random)
}

/** A surface; often another one on part of it, objects in front, and marks. */
export function paintScene(size: number, random: RandomStream): Picture {
  const ground = choose(random, TEXTURES).paint(size, random)
  const second = choose(random, TEXTURES).paint(size, random)
  const picture = paintField(chance(random, 0.2) ? mix(ground, second) : ground, size, createPalette(random))
  if (chance(random, 0.35)) cover(picture, second, random)
  if (chance(random, 0.65)) placeObjects(picture, [ground, second], random)
  if (chance(random, 0.4)) paintMarks(picture, random)
  return picture
}

function mix(first: Field, second: Field): Field {
  return first.map((value, index) => (value + second[index]) / 2)
}

/** Lays a second surface over part of the picture: beyond a straight line, or where a cloud is. */
function cover(picture: Picture, surface: Field, random: RandomStream): void {
  const { size } = picture
  const palette = createPalette(random)
  const angle = between(random, 0, 2 * Math.PI)
  const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size]
  const clouds = fractalField(size, { frequency: between(random, 1, 6), octaves: 1 + random.integer(3) }, random)
  const [straight, threshold, softness] = [chance(random, 0.4), between(random, 0.35, 0.65), scaleBetween(random, 0.005, 0.15)]
  for (let y = 0, index = 0; y < size; y++)
    for (let x = 0; x < size; x++, index++) {
      const place = straight ? 0.5 + (x - size / 2) * cos + (y - size / 2) * sin : clouds[index]
      const opacity = Math.min(1, Math.max(0, 0.5 + (place - threshold) / softness))
      if (opacity > 0) blendPixel(picture, index, palette, paletteIndex(surface[index]), 1, opacity)
    }
}

/** One large thing or a crowd of small ones; the things of a picture are mostly of one kind. */
function placeObjects(picture: Picture, surfaces: readonly Field[], random: RandomStream): void {
  const count = Math.floor(scaleBetween(random, 1, 10))
  const alike = chance(random, 0.6)
  let [family, palette] = [choose(random, OBJECTS), createPalette(random)]
  for (let thing = 0; thing < count; thing++) {
    if (!alike) [family, palette] = [choose(random, OBJECTS), createPalette(random)]
    paintObject(picture, family.outline(random), choose(random, surfaces), palette, random)
  }
}
