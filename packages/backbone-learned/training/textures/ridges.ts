import { between, chance } from '../scenes/draws.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Bent parallel ridges, lit from one side: dunes, corrugated board, fingerprints, threads of a bolt. */
export const ridges: TextureFamily = {
  id: 'ridges',
  motif: 'corrugation',
  paint(size, random) {
    const { u } = coordinates(size, { frequency: [4, 40], warp: 2 }, random)
    const bend = fractalField(size, { frequency: between(random, 1, 5), octaves: 2 }, random)
    const strength = chance(random, 0.5) ? between(random, 0, 6) : 0
    const [asymmetry, flatness] = [between(random, 0, 0.9), between(random, 0.3, 3)]
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const phase = 2 * Math.PI * (u[index] + strength * bend[index])
        return Math.tanh(flatness * Math.sin(phase + asymmetry * Math.sin(phase)))
      }),
    )
  },
}
