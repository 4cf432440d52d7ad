import type { RandomStream } from '@im-iad/core'
import { paintGround, paintShape, type Canvas, type Colour } from '../canvas.ts'
import { between, noiseSeed, type Category } from '../category.ts'
import { fractalNoise } from '../noise.ts'
import { box, intersection, turn, type Point, type Shape, type Turn } from '../shapes.ts'
import { crack, dent, stain } from '../surface-defects.ts'

const GROUND: Colour = [206, 208, 204]
const HEAD: Colour = [176, 58, 52]
const BODY: Colour = [232, 226, 206]
const PRINT: Colour = [60, 60, 72]

const HALF_LENGTH = 0.36
const RADIUS = 0.14
const BAR = { halfWidth: 0.011, halfHeight: 0.06 }
const BAR_AREA = 4 * BAR.halfWidth * BAR.halfHeight

/** A two-coloured lozenge with three printed bars. The rule: red on the left, three bars on the body. */
export const lozenge: Category = {
  name: 'lozenge',
  title: 'Two-coloured lozenge with three printed bars',
  grain: 3,
  defects: [
    { name: 'crack', family: 'structural' },
    { name: 'dent', family: 'structural' },
    { name: 'smear', family: 'structural' },
    { name: 'missing-bar', family: 'logical', saturationArea: BAR_AREA },
    { name: 'extra-bar', family: 'logical', saturationArea: BAR_AREA },
    { name: 'swapped-halves', family: 'logical', saturationArea: HALF_LENGTH * 2 * RADIUS },
  ],
  paint({ canvas, center }, pose, defect, random) {
    const ground = fractalNoise(noiseSeed(pose), 16, 2)
    paintGround(canvas, GROUND, (x, y) => 0.95 + 0.08 * ground(x, y))
    const middle = { x: center.x + between(pose, -0.03, 0.03), y: center.y + between(pose, -0.05, 0.05) }
    const tilt = turn(between(pose, -0.15, 0.15))
    const frame: Frame = {
      canvas,
      at: (along, across) => ({ x: middle.x + along * tilt.cos - across * tilt.sin, y: middle.y + along * tilt.sin + across * tilt.cos }),
      tilt,
      middle,
    }
    const whole = box(middle, HALF_LENGTH, RADIUS, RADIUS, tilt)
    paintHalves(frame, whole, defect === 'swapped-halves')
    paintBars(frame, defect === 'missing-bar' ? 2 : defect === 'extra-bar' ? 4 : 3)
    damage(frame, whole, defect, random)
  },
}

interface Frame {
  readonly canvas: Canvas
  /** A point by its place along and across the lozenge. */
  readonly at: (along: number, across: number) => Point
  readonly tilt: Turn
  readonly middle: Point
}

function paintHalves({ canvas, at, tilt, middle }: Frame, whole: Shape, swapped: boolean): void {
  const across = (x: number, y: number): number => ((y - middle.y) * tilt.cos - (x - middle.x) * tilt.sin) / RADIUS
  // A cylinder lit from above, with a glossy line.
  const shade = (x: number, y: number): number => {
    const height = across(x, y)
    return 1.06 - 0.32 * height * height - 0.1 * height + (Math.abs(height + 0.45) < 0.07 ? 0.13 : 0)
  }
  paintShape(canvas, whole, swapped ? HEAD : BODY, { shade })
  const head = box(at(-HALF_LENGTH / 2 - 0.05, 0), HALF_LENGTH / 2 + 0.02, RADIUS * 1.2, 0, tilt)
  paintShape(canvas, { ...intersection(whole, head), bounds: whole.bounds }, swapped ? BODY : HEAD, { shade })
}

function paintBars({ canvas, at, tilt }: Frame, count: number): void {
  for (let bar = 0; bar < count; bar++)
    paintShape(canvas, box(at(0.06 + bar * 0.065, 0.01), BAR.halfWidth, BAR.halfHeight, 0.004, tilt), PRINT, { opacity: 0.85 })
}

function damage({ canvas, at }: Frame, whole: Shape, defect: string | null, random: RandomStream): void {
  const place = { canvas, at: at(between(random, -0.28, 0.28), between(random, -0.07, 0.07)), random, within: whole }
  if (defect === 'crack') crack(place, [74, 52, 48], between(random, 0.1, 0.22), between(random, 0.4, 0.85))
  if (defect === 'smear') stain(place, [96, 92, 104], between(random, 0.03, 0.055), between(random, 0.25, 0.5))
  if (defect === 'dent') dent(place, between(random, 0.03, 0.05), between(random, 0.25, 0.45))
}
