import { between, scaleBetween } from '../scenes/draws.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Marble: waves bent by noise, sharpened into veins. */
export const veins: TextureFamily = {
  id: 'veins',
  motif: 'marble',
  paint(size, random) {
    const { u } = coordinates(size, { frequency: [1, 8] }, random)
    const bend = fractalField(size, { frequency: between(random, 2, 8), octaves: 4 }, random)
    const ground = fractalField(size, { frequency: scaleBetween(random, 2, 24), octaves: 3 }, random)
    const [strength, sharpness, clouds] = [between(random, 0.5, 4), scaleBetween(random, 0.3, 6), between(random, 0, 0.6)]
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const wave = Math.abs(Math.sin(Math.PI * (u[index] + strength * bend[index])))
        return wave ** sharpness + clouds * ground[index]
      }),
    )
  },
}
