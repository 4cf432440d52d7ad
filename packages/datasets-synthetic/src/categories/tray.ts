import type { RandomStream } from '@im-iad/core'
import { paintGround, paintShape, type Canvas, type Colour } from '../canvas.ts'
import { between, noiseSeed, type Category } from '../category.ts'
import { fractalNoise, valueNoise, type Noise } from '../noise.ts'
import { box, circle, triangle, turn, type Point, type Shape, type Turn } from '../shapes.ts'
import { scratch, stain } from '../surface-defects.ts'

type Part = 'disc' | 'square' | 'triangle'

/** The rule: which part lies in which of the six compartments, row by row. */
const LAYOUT: readonly Part[] = ['disc', 'disc', 'square', 'triangle', 'square', 'disc']

const COLOURS: Readonly<Record<Part, Colour>> = { disc: [196, 164, 84], square: [92, 128, 168], triangle: [120, 160, 104] }
const TRAY: Colour = [112, 108, 104]
const WELL: Colour = [58, 58, 60]

const WELL_HALF = 0.125
const PART_RADIUS = 0.085
/** The area of the smallest part, the triangle: whichever part a defect concerns, it can be found to this extent. */
const PART_AREA = ((3 * Math.sqrt(3)) / 4) * (PART_RADIUS * 1.15) ** 2

/** A kitting tray with six compartments, one part in each. */
export const tray: Category = {
  name: 'tray',
  title: 'Kitting tray with six parts',
  grain: 3,
  defects: [
    { name: 'scratch', family: 'structural' },
    { name: 'stain', family: 'structural' },
    { name: 'missing-part', family: 'logical', saturationArea: PART_AREA },
    { name: 'wrong-part', family: 'logical', saturationArea: PART_AREA },
    { name: 'extra-part', family: 'logical', saturationArea: PART_AREA },
    { name: 'misplaced-part', family: 'logical', saturationArea: PART_AREA },
  ],
  paint({ canvas, center }, pose, defect, random) {
    const plastic = fractalNoise(noiseSeed(pose), 40, 2)
    paintGround(canvas, TRAY, (x, y) => 0.95 + 0.1 * plastic(x, y))
    const shift = { x: center.x + between(pose, -0.015, 0.015), y: center.y + between(pose, -0.015, 0.015) }
    const wells = LAYOUT.map((_, place) => wellCenter(shift, place))
    for (const well of wells) paintShape(canvas, box(well, WELL_HALF, WELL_HALF, 0.02), WELL)
    const marks = valueNoise(noiseSeed(pose), 60)
    const poses = wells.map((well): PartPose => ({
      at: { x: well.x + between(pose, -0.02, 0.02), y: well.y + between(pose, -0.02, 0.02) },
      turned: turn(between(pose, 0, 2 * Math.PI)),
    }))
    const broken = breakRule(defect, random)
    for (const [place, part] of LAYOUT.entries())
      if (broken.parts[place] !== null) paintPart(canvas, broken.parts[place] ?? part, poses[place], marks)
    if (broken.extra !== null)
      paintPart(
        canvas,
        broken.extra.part,
        { at: wallBetween(wells, broken.extra.wall), turned: turn(between(random, 0, 2 * Math.PI)) },
        marks,
      )
    const place = { canvas, at: poses[random.integer(LAYOUT.length)].at, random }
    if (defect === 'scratch') scratch(place, [232, 230, 224], between(random, 0.06, 0.16), between(random, 0.35, 0.8))
    if (defect === 'stain') stain(place, [42, 34, 26], between(random, 0.025, 0.05), between(random, 0.25, 0.55))
  },
}

interface PartPose {
  readonly at: Point
  readonly turned: Turn
}

/** What lies where when the rule is broken. */
interface BrokenRule {
  /** The part in each compartment, `null` where none is. */
  readonly parts: readonly (Part | null)[]
  /** A part on the wall between two compartments. */
  readonly extra: { readonly part: Part; readonly wall: number } | null
}

function breakRule(defect: string | null, random: RandomStream): BrokenRule {
  const place = random.integer(LAYOUT.length)
  const without = LAYOUT.map((part, index) => (index === place ? null : part))
  const wall = random.integer(4)
  switch (defect) {
    case 'missing-part':
      return { parts: without, extra: null }
    case 'wrong-part':
      return { parts: LAYOUT.map((part, index) => (index === place ? otherPart(part, random) : part)), extra: null }
    case 'extra-part':
      return { parts: LAYOUT, extra: { part: LAYOUT[place], wall } }
    case 'misplaced-part':
      return { parts: without, extra: { part: LAYOUT[place], wall } }
    default:
      return { parts: LAYOUT, extra: null }
  }
}

function otherPart(part: Part, random: RandomStream): Part {
  const others = (['disc', 'square', 'triangle'] as const).filter((other) => other !== part)
  return others[random.integer(others.length)]
}

function wellCenter({ x, y }: Point, place: number): Point {
  return { x: x + ((place % 3) - 1) * 0.3, y: y + (Math.floor(place / 3) - 0.5) * 0.3 }
}

/** The middle of the wall to the right of compartment 0, 1, 3 or 4. */
function wallBetween(wells: readonly Point[], wall: number): Point {
  const left = wells[[0, 1, 3, 4][wall]]
  return { x: left.x + 0.15, y: left.y }
}

function paintPart(canvas: Canvas, part: Part, { at, turned }: PartPose, marks: Noise): void {
  paintShape(canvas, shapeOf(part, at, turned), COLOURS[part], { shade: (x, y) => 0.9 + 0.14 * marks(x, y) + 0.25 * (at.y - y) })
}

function shapeOf(part: Part, at: Point, turned: Turn): Shape {
  switch (part) {
    case 'disc':
      return circle(at, PART_RADIUS)
    case 'square':
      return box(at, PART_RADIUS * 0.85, PART_RADIUS * 0.85, 0.01, turned)
    case 'triangle':
      return triangle(at, PART_RADIUS * 1.15, turned)
  }
}
