import { chance, scaleBetween } from '../scenes/draws.ts'
import { latticeField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Octaves of noise, each as strong as it happens to be: sand, paper, plaster, cast surfaces. */
export const colouredNoise: TextureFamily = {
  id: 'coloured-noise',
  motif: 'noise',
  paint(size, random) {
    const anisotropy = chance(random, 0.3) ? scaleBetween(random, 0.3, 3) : 1
    const sum = new Float32Array(size * size)
    for (let frequency = 2; frequency < size; frequency *= 2) {
      const weight = random.uniform() ** 3
      if (weight < 0.02) continue
      const layer = latticeField(size, frequency, Math.min(size, frequency * anisotropy), random)
      for (let index = 0; index < sum.length; index++) sum[index] += weight * layer[index]
    }
    return stretch(sum)
  },
}
