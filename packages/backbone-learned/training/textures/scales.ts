import { between } from '../scenes/draws.ts'
import { cellNumber } from '../scenes/cell-numbers.ts'
import { coordinates } from '../scenes/coordinates.ts'
import { fieldOf, stretch } from '../scenes/field.ts'
import type { TextureFamily } from './texture-family.ts'

/** Rows of round scales that cover one another: fish, roof tiles, feathers. */
export const scales: TextureFamily = {
  id: 'scales',
  motif: 'scale',
  paint(size, random) {
    const { u, v } = coordinates(size, { frequency: [4, 18] }, random)
    const seed = random.integer(2 ** 30)
    const [own, rim, ridge] = [between(random, 0, 0.5), between(random, 0.2, 1), between(random, 0, 0.3)]
    return stretch(
      fieldOf(size, (_x, _y, index) => {
        const top = Math.floor(v[index] * 2)
        for (let row = top + 1; row >= top - 1; row--) {
          const shift = (row & 1) / 2
          const column = Math.floor(u[index] + shift)
          const [across, down] = [u[index] + shift - column - 0.5, v[index] - row / 2]
          const distance = across * across + down * down * 0.8
          if (down > 0 && distance < 0.36)
            return 1 - rim * distance * 2 + own * (cellNumber(seed, column, row, 0) - 0.5) - ridge * Math.abs(across) * 2
        }
        return 0
      }),
    )
  },
}
