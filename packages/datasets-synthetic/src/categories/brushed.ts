import type { RandomStream } from '@im-iad/core'
import { paintGround, paintShape, type Colour } from '../canvas.ts'
import { between, noiseSeed, pointOn, type Category, type Stage } from '../category.ts'
import { fractalNoise, valueNoise } from '../noise.ts'
import { segment } from '../shapes.ts'
import { dent, scratch, spot, stain } from '../surface-defects.ts'

const STEEL: Colour = [152, 156, 160]

/** Sheet metal with the fine parallel marks of brushing. */
export const brushed: Category = {
  name: 'brushed',
  title: 'Brushed sheet metal',
  grain: 3,
  defects: [
    { name: 'scratch', family: 'structural' },
    { name: 'dent', family: 'structural' },
    { name: 'pit', family: 'structural' },
    { name: 'discolouration', family: 'structural' },
  ],
  paint(stage, pose, defect, random) {
    const fine = valueNoise(noiseSeed(pose), 5, 170)
    const coarse = valueNoise(noiseSeed(pose), 2, 45)
    const slow = fractalNoise(noiseSeed(pose), 2, 2)
    const slope = between(pose, -0.05, 0.05)
    const depth = between(pose, 0.1, 0.28)
    paintGround(stage.canvas, STEEL, (x, y) => 0.8 + depth * fine(x, y + slope * x) + 0.13 * coarse(x, y + slope * x) + 0.12 * slow(x, y))
    paintHandlingMarks(stage, pose, slope)
    const place = { canvas: stage.canvas, at: pointOn(stage, random, 0.15), random }
    if (defect === 'scratch')
      scratch(place, random.uniform() < 0.5 ? [222, 224, 226] : [92, 94, 98], between(random, 0.06, 0.2), between(random, 0.25, 0.5))
    if (defect === 'pit') spot(place, [100, 98, 98], between(random, 0.009, 0.014))
    if (defect === 'discolouration') stain(place, [150, 128, 96], between(random, 0.05, 0.11), between(random, 0.2, 0.34))
    if (defect === 'dent') dent(place, between(random, 0.03, 0.06), between(random, 0.1, 0.22))
  },
}

/** Faint hairlines along the brushing, none to three: every good sheet may have them. */
function paintHandlingMarks(stage: Stage, pose: RandomStream, slope: number): void {
  const count = pose.integer(4)
  for (let mark = 0; mark < count; mark++) {
    const from = pointOn(stage, pose, 0.05)
    const length = between(pose, 0.05, 0.2)
    const to = { x: from.x + length, y: from.y + length * (between(pose, -0.25, 0.25) - slope) }
    paintShape(stage.canvas, segment(from, to, between(pose, 0.002, 0.003)), [214, 216, 218], { opacity: between(pose, 0.15, 0.4) })
  }
}
