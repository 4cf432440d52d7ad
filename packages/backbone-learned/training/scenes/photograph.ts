import type { RandomStream } from '@im-iad/core'
import { between, chance, pixelNoise } from './draws.ts'
import { boxBlur, latticeField } from './field.ts'
import type { Picture } from './picture.ts'

/** What a camera makes of a scene: uneven light, exposure, little sharpness, noise, in a quarter of the cases no colour. uint8 RGB, `[size, size, 3]`. */
export function photograph(picture: Picture, random: RandomStream): Uint8Array {
  light(picture, random)
  if (chance(random, 0.25)) removeColour(picture)
  if (chance(random, 0.5)) blur(picture, 1 + random.integer(2), random.uniform())
  return expose(picture, random)
}

/** Light that falls off across the picture, and slow shadows. */
function light({ size, data }: Picture, random: RandomStream): void {
  const [across, down] = [between(random, -0.4, 0.4), between(random, -0.4, 0.4)]
  const shadows = latticeField(size, 2, 2, random)
  const depth = chance(random, 0.5) ? between(random, 0, 0.6) : 0
  for (let y = 0, index = 0; y < size; y++)
    for (let x = 0; x < size; x++, index++) {
      const factor = 1 + across * (x / size - 0.5) + down * (y / size - 0.5) + depth * (shadows[index] - 0.5)
      for (let channel = 0; channel < 3; channel++) data[index * 3 + channel] *= factor
    }
}

function removeColour({ data }: Picture): void {
  for (let index = 0; index < data.length; index += 3)
    data.fill(0.299 * data[index] + 0.587 * data[index + 1] + 0.114 * data[index + 2], index, index + 3)
}

/** @param share - 0…1: how much of the blurred picture comes in */
function blur({ size, data }: Picture, radius: number, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const plane = Float32Array.from({ length: size * size }, (_, index) => data[index * 3 + channel])
    boxBlur(boxBlur(plane, size, radius), size, radius)
    for (let index = 0; index < plane.length; index++) data[index * 3 + channel] += share * (plane[index] - data[index * 3 + channel])
  }
}

function expose({ data }: Picture, random: RandomStream): Uint8Array {
  const contrast = between(random, 0.5, 1.2)
  const offset = between(random, -40, 40)
  const strength = chance(random, 0.6) ? between(random, 0, 14) : 0
  const coloured = chance(random, 0.3)
  const draw = pixelNoise(random)
  const pixels = new Uint8Array(data.length)
  for (let index = 0, shared = 0; index < data.length; index++) {
    // The sum of two uniform draws: a triangle in place of a bell.
    if (coloured || index % 3 === 0) shared = strength * (draw() + draw() - 1)
    pixels[index] = Math.min(255, Math.max(0, Math.round(128 + contrast * (data[index] - 128) + offset + shared * 2.45)))
  }
  return pixels
}
