import type { RandomStream } from '@im-iad/core'
import { paintGround, paintShape, visibleRadius, type Colour } from '../canvas.ts'
import { between, noiseSeed, type Category, type Stage } from '../category.ts'
import { fractalNoise, valueNoise } from '../noise.ts'
import { circle, difference, segment, type Point, type Shape } from '../shapes.ts'
import { spot, stain } from '../surface-defects.ts'

const GROUND: Colour = [46, 48, 52]
const METAL: Colour = [168, 170, 172]

/** A metal ring on a dark ground. */
export const washer: Category = {
  name: 'washer',
  title: 'Metal washer',
  grain: 3,
  defects: [
    { name: 'nick', family: 'structural' },
    { name: 'crack', family: 'structural' },
    { name: 'rust', family: 'structural' },
    { name: 'contamination', family: 'structural' },
  ],
  paint(stage, pose, defect, random) {
    const cloth = fractalNoise(noiseSeed(pose), 24, 2)
    const ground = (x: number, y: number): number => 0.85 + 0.3 * cloth(x, y)
    paintGround(stage.canvas, GROUND, ground)
    const center = { x: stage.center.x + between(pose, -0.03, 0.03), y: stage.center.y + between(pose, -0.03, 0.03) }
    const outer = between(pose, 0.328, 0.348)
    const inner = between(pose, 0.143, 0.155)
    const ring = difference(circle(center, outer), circle(center, inner))
    paintRing(stage, ring, center, outer, pose)
    damage(stage, ring, { center, outer, inner }, ground, defect, random)
  },
}

interface Ring {
  readonly center: Point
  readonly outer: number
  readonly inner: number
}

/** Concentric turning marks, and light from one side that moves with the part's angle. */
function paintRing({ canvas }: Stage, ring: Shape, center: Point, outer: number, pose: RandomStream): void {
  const marks = valueNoise(noiseSeed(pose), 120)
  const depth = between(pose, 0.06, 0.2)
  const gloss = between(pose, 0.06, 0.22)
  const angle = between(pose, 0, 2 * Math.PI)
  const [lightX, lightY] = [Math.cos(angle), Math.sin(angle)]
  const shade = (x: number, y: number): number => {
    const radius = Math.sqrt((x - center.x) ** 2 + (y - center.y) ** 2)
    const facing = ((x - center.x) * lightX + (y - center.y) * lightY) / radius
    const bevel = radius > outer - 0.015 ? 0.82 : 1
    return bevel * (0.84 + gloss * facing * facing + depth * marks(radius, 0.5))
  }
  paintShape(canvas, ring, METAL, { shade })
}

function damage(
  { canvas }: Stage,
  ring: Shape,
  { center, outer, inner }: Ring,
  ground: (x: number, y: number) => number,
  defect: string | null,
  random: RandomStream,
): void {
  const angle = between(random, 0, 2 * Math.PI)
  const on = (radius: number): Point => ({ x: center.x + Math.cos(angle) * radius, y: center.y + Math.sin(angle) * radius })
  const at = on(between(random, inner + 0.05, outer - 0.05))
  if (defect === 'nick') paintShape(canvas, circle(on(outer + 0.005), between(random, 0.012, 0.03)), GROUND, { shade: ground })
  if (defect === 'crack')
    paintShape(
      canvas,
      segment(on(inner), on(inner + between(random, 0.06, 0.16)), visibleRadius(canvas, between(random, 0.002, 0.004))),
      [76, 74, 74],
      {
        opacity: between(random, 0.3, 0.75),
      },
    )
  if (defect === 'rust')
    stain({ canvas, at, random, within: ring }, [142, 88, 52], between(random, 0.025, 0.055), between(random, 0.2, 0.5))
  if (defect === 'contamination')
    spot({ canvas, at: on(between(random, 0, outer + 0.08)), random }, [128, 124, 112], between(random, 0.009, 0.018))
}
