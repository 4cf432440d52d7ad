import { between, scaleBetween } from '../scenes/draws.ts'
import { fieldOf, fractalField, sampleField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Fractal noise, drawn out by another: smoke, rust, stone. */
export const warpedClouds: TextureFamily = {
  id: 'warped-clouds',
  motif: 'clouds',
  paint(size, random) {
    const clouds = fractalField(
      size,
      { frequency: scaleBetween(random, 2, 20), octaves: 2 + random.integer(4), gain: between(random, 0.4, 0.9) },
      random,
    )
    const [across, down] = [0, 1].map(() => fractalField(size, { frequency: between(random, 1, 5), octaves: 2 }, random))
    const strength = size * between(random, 0, 0.4)
    return stretch(
      fieldOf(size, (x, y, index) => sampleField(clouds, size, x + strength * (across[index] - 0.5), y + strength * (down[index] - 0.5))),
    )
  },
}
