import { paintGround, paintShape, type Colour } from '../canvas.ts'
import { between, noiseSeed, pointOn, type Category } from '../category.ts'
import { fractalNoise, valueNoise } from '../noise.ts'
import { circle } from '../shapes.ts'
import { scratch, spot, stain } from '../surface-defects.ts'

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
    const slope = between(pose, -0.03, 0.03)
    paintGround(stage.canvas, STEEL, (x, y) => 0.8 + 0.2 * fine(x, y + slope * x) + 0.13 * coarse(x, y + slope * x) + 0.12 * slow(x, y))
    const place = { canvas: stage.canvas, at: pointOn(stage, random, 0.15), random }
    if (defect === 'scratch') scratch(place, random.uniform() < 0.5 ? [222, 224, 226] : [92, 94, 98], between(random, 0.15, 0.35))
    if (defect === 'pit') spot(place, [82, 80, 80], between(random, 0.012, 0.022))
    if (defect === 'discolouration') stain(place, [150, 128, 96], between(random, 0.07, 0.13), 0.5)
    if (defect === 'dent') {
      const radius = between(random, 0.04, 0.08)
      // One flank catches the light, the other lies in shadow.
      paintShape(stage.canvas, circle(place.at, radius), STEEL, { opacity: 0.75, shade: (x) => 1 + (0.4 * (x - place.at.x)) / radius })
    }
  },
}
