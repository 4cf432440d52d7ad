import type { RandomStream } from '@im-iad/core'
import { paintGround, type Colour } from '../canvas.ts'
import { between, noiseSeed, pointOn, type Category, type Stage } from '../category.ts'
import { lattice, valueNoise } from '../noise.ts'
import { turn } from '../shapes.ts'
import { spot, stain } from '../surface-defects.ts'

const CLOTH: Colour = [176, 158, 128]

/** Plain weave: two sets of threads that pass over and under one another. */
export const weave: Category = {
  name: 'weave',
  title: 'Woven cloth',
  grain: 4,
  defects: [
    { name: 'broken-thread', family: 'structural' },
    { name: 'pulled-thread', family: 'structural' },
    { name: 'stain', family: 'structural' },
    { name: 'hole', family: 'structural' },
  ],
  paint(stage, pose, defect, random) {
    paintGround(stage.canvas, CLOTH, threads(stage, pose, defect, random))
    const place = { canvas: stage.canvas, at: pointOn(stage, random, 0.15), random }
    if (defect === 'stain') stain(place, [98, 74, 46], between(random, 0.04, 0.08), between(random, 0.3, 0.6))
    if (defect === 'hole') spot(place, [38, 34, 30], between(random, 0.008, 0.016))
  },
}

/** Brightness of the cloth at a point. */
function threads(stage: Stage, pose: RandomStream, defect: string | null, random: RandomStream): (x: number, y: number) => number {
  const { cos, sin } = turn(between(pose, -0.06, 0.06))
  const count = between(pose, 21, 23)
  const [shiftX, shiftY] = [between(pose, 0, 1), between(pose, 0, 1)]
  const seed = noiseSeed(pose)
  const contrast = between(pose, 0.08, 0.22)
  const tone = valueNoise(noiseSeed(pose), 3)
  const waviness = valueNoise(noiseSeed(pose), 4)
  const broken =
    defect === 'broken-thread'
      ? {
          row: Math.floor(between(random, 0.2, 0.8) * count),
          from: between(random, 0.1, 0.4),
          length: between(random, 0.12, 0.3),
          gap: between(random, 0.5, 0.62),
        }
      : null
  const pulled =
    defect === 'pulled-thread'
      ? { ...pointOn(stage, random, 0.2), radius: between(random, 0.06, 0.1), pull: between(random, 0.012, 0.02) }
      : null
  return (x, y) => {
    const pull = pulled === null ? 0 : pulled.pull * Math.max(0, 1 - ((x - pulled.x) ** 2 + (y - pulled.y) ** 2) / pulled.radius ** 2)
    const u = (x * cos + y * sin + pull + 0.006 * waviness(x, y)) * count + shiftX
    const v = (y * cos - x * sin + pull + 0.006 * waviness(x + 7, y)) * count + shiftY
    const column = Math.floor(u)
    const row = Math.floor(v)
    const over = ((column + row) & 1) === 0
    const across = over ? u - column - 0.5 : v - row - 0.5
    const along = over ? v - row - 0.5 : u - column - 0.5
    const thread = over ? lattice(seed, column, 0) : lattice(seed, row, 1)
    const missing = broken !== null && !over && row === broken.row && x > broken.from && x < broken.from + broken.length
    const body = (1 - 2.2 * across * across) * (1 - 0.9 * along * along)
    const lit = 0.5 + 0.5 * body + contrast * (thread - 0.5) + 0.16 * (tone(x, y) - 0.5)
    return missing ? broken.gap * lit : lit
  }
}
