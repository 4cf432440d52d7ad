import { between, scaleBetween } from '../scenes/draws.ts'
import { boxBlur, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Loose fibres that lie every way: felt, paper pulp, hair, fleece. */
export const felt: TextureFamily = {
  id: 'felt',
  motif: 'fibre',
  paint(size, random) {
    const field = new Float32Array(size * size)
    const count = Math.floor(scaleBetween(random, 80, 700))
    const [curl, length] = [between(random, 0, 0.15), size * between(random, 0.1, 0.5)]
    const [direction, spread] = [between(random, 0, Math.PI), between(random, 0.2, Math.PI)]
    for (let fibre = 0; fibre < count; fibre++) {
      let [x, y] = [size * between(random, -0.2, 1.2), size * between(random, -0.2, 1.2)]
      let angle = direction + spread * between(random, -1, 1)
      const turn = curl * between(random, -1, 1)
      const tone = between(random, -1, 1)
      for (let step = 0; step < length; step++, angle += turn) {
        x += Math.cos(angle)
        y += Math.sin(angle)
        if (x >= 0 && x < size && y >= 0 && y < size) field[Math.floor(y) * size + Math.floor(x)] += tone
      }
    }
    if (random.uniform() < 0.5) boxBlur(field, size, 1)
    return stretch(field.map(Math.tanh))
  },
}
