import { paintGround, paintShape, type Colour } from '../canvas.ts'
import { between, noiseSeed, pointOn, type Category, type Stage } from '../category.ts'
import { fractalNoise, lattice } from '../noise.ts'
import { blob, circle } from '../shapes.ts'
import { crack, stain } from '../surface-defects.ts'

const CEMENT: Colour = [188, 184, 176]
const CHIPS: readonly Colour[] = [
  [158, 150, 140],
  [208, 202, 192],
  [142, 138, 134],
  [174, 154, 138],
]

/** Cement with stone chips of four colours. */
export const terrazzo: Category = {
  name: 'terrazzo',
  title: 'Terrazzo tile',
  grain: 3,
  defects: [
    { name: 'crack', family: 'structural' },
    { name: 'stain', family: 'structural' },
    { name: 'bare-patch', family: 'structural' },
    { name: 'foreign-chip', family: 'structural' },
  ],
  paint(stage, pose, defect, random) {
    const ground = fractalNoise(noiseSeed(pose), 30, 2)
    const seed = noiseSeed(pose)
    paintGround(stage.canvas, CEMENT, (x, y) => 0.93 + 0.14 * ground(x, y))
    paintChips(stage, seed)
    const place = { canvas: stage.canvas, at: pointOn(stage, random, 0.15), random }
    const noise = fractalNoise(noiseSeed(random), 12, 2)
    if (defect === 'crack') crack(place, [70, 66, 62], between(random, 0.3, 0.5), 0.95)
    if (defect === 'stain') stain(place, [96, 76, 40], between(random, 0.07, 0.12), between(random, 0.5, 0.75))
    if (defect === 'bare-patch')
      paintShape(stage.canvas, circle(place.at, between(random, 0.1, 0.15)), CEMENT, { shade: (x, y) => 0.82 + 0.14 * ground(x, y) })
    if (defect === 'foreign-chip')
      paintShape(stage.canvas, blob(place.at, between(random, 0.035, 0.06), between(random, 0.035, 0.06), 0.3, noise), [54, 84, 128])
  },
}

/** One chip in most cells of a lattice, moved, sized and coloured by the cell's own numbers. */
function paintChips({ canvas, right, bottom }: Stage, seed: number): void {
  const cell = 0.055
  const noise = fractalNoise(seed + 9, 40, 1)
  for (let row = -1; row * cell < bottom + cell; row++)
    for (let column = -1; column * cell < right + cell; column++) {
      const number = (which: number): number => lattice(seed + which, column, row)
      if (number(0) < 0.06) continue
      const at = { x: (column + 0.3 + 0.4 * number(1)) * cell, y: (row + 0.3 + 0.4 * number(2)) * cell }
      const colour = CHIPS[Math.floor(number(3) * CHIPS.length)]
      paintShape(canvas, blob(at, cell * (0.28 + 0.17 * number(4)), cell * (0.28 + 0.17 * number(5)), 0.3, noise), colour, {
        shade: (x, y) => 0.92 + 0.16 * noise(x + 5, y),
      })
    }
}
