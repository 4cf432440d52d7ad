import { between } from '../scenes/draws.ts'
import { boxBlur, fieldOf, sampleField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Spots and stripes of short activation and long inhibition (Turing, 1952): fur, coral, fingerprints. */
export const turingSpots: TextureFamily = {
  id: 'turing-spots',
  motif: 'reaction-diffusion',
  paint(size, random) {
    const grid = size >> 1
    const reach = 1 + random.integer(3)
    const bias = between(random, -0.25, 0.25)
    const rounds = 5 + random.integer(5)
    let state = fieldOf(grid, () => random.uniform() - 0.5)
    for (let round = 0; round < rounds; round++) {
      const near = boxBlur(boxBlur(state.slice(), grid, reach), grid, reach)
      const far = boxBlur(boxBlur(near.slice(), grid, 2 * reach), grid, 2 * reach)
      state = state.map((_, index) => Math.tanh(12 * (near[index] - far[index]) + bias))
    }
    const scale = between(random, 0.25, 0.5)
    return stretch(fieldOf(size, (x, y) => sampleField(state, grid, x * scale, y * scale)))
  },
}
