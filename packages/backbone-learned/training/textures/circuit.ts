import { between, chance } from '../scenes/draws.ts'
import { fieldOf, fractalField, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Conductors that run along and across between pads: circuit boards, floor plans. */
export const circuit: TextureFamily = {
  id: 'circuit',
  motif: 'conductor',
  paint(size, random) {
    const ground = fractalField(size, { frequency: between(random, 4, 40), octaves: 2 }, random)
    const roughness = between(random, 0, 0.4)
    const field = fieldOf(size, (_x, _y, index) => roughness * ground[index])
    const pitch = Math.round(size * between(random, 0.03, 0.1))
    const width = Math.max(1, Math.round(pitch * between(random, 0.2, 0.6)))
    const fill = (x: number, y: number, across: number, down: number, tone: number): void => {
      for (let row = Math.max(0, y); row < Math.min(size, y + down); row++)
        for (let column = Math.max(0, x); column < Math.min(size, x + across); column++) field[row * size + column] = tone
    }
    const traces = 10 + random.integer(50)
    for (let trace = 0; trace < traces; trace++) {
      const tone = between(random, 0.6, 1)
      let [x, y] = [pitch * random.integer(Math.ceil(size / pitch)), pitch * random.integer(Math.ceil(size / pitch))]
      const legs = 1 + random.integer(5)
      for (let leg = 0; leg < legs; leg++) {
        const length = pitch * (1 + random.integer(8)) * (chance(random, 0.5) ? 1 : -1)
        const level = chance(random, 0.5)
        if (level) fill(Math.min(x, x + length), y, Math.abs(length) + width, width, tone)
        else fill(x, Math.min(y, y + length), width, Math.abs(length) + width, tone)
        if (level) x += length
        else y += length
      }
      if (chance(random, 0.6)) fill(x - width, y - width, 3 * width, 3 * width, tone)
    }
    return stretch(field)
  },
}
