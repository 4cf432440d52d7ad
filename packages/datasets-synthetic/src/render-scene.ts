import { createRandomSource, type RandomSource } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import { createCanvas, finish, type Canvas } from './canvas.ts'
import { between, type Category, type Defect } from './category.ts'
import { visibleChange } from './visible-change.ts'

export interface SceneRequest {
  /** The dataset's seed. */
  readonly seed: number
  /** Which physical part. */
  readonly part: number
  /** Which picture of it: another light, grain and a little shift. */
  readonly view: number
  readonly width: number
  readonly height: number
  /** One of the category's defects, or `null`. */
  readonly defect: Defect | null
}

export interface Scene {
  /** 8-bit RGB. */
  readonly image: PixelImage
  /** 0 or 255, where the defect visibly changes the picture; `null` without a defect. */
  readonly mask: PixelImage | null
  /** Of logical defects, in pixels of this picture. */
  readonly saturationArea: number | null
}

/** Renders one picture. The same request gives the same bytes on every machine, whatever else is rendered. */
export function renderScene(category: Category, request: SceneRequest): Scene {
  const { width, height, defect } = request
  const source = createRandomSource(request.seed, `synthetic/${category.name}/${request.part}`)
  const painted = paint(category, request, source, defect)
  const image = photograph(category, painted, request.view, source)
  if (defect === null) return { image, mask: null, saturationArea: null }
  const sound = photograph(category, paint(category, request, source, null), request.view, source)
  const unit = Math.min(width, height)
  const saturationArea = defect.saturationArea === undefined ? null : Math.round(defect.saturationArea * unit * unit)
  return { image, mask: visibleChange(image, sound), saturationArea }
}

function paint(category: Category, { width, height }: SceneRequest, source: RandomSource, defect: Defect | null): Canvas {
  const canvas = createCanvas(width, height)
  const [right, bottom] = [width / canvas.unit, height / canvas.unit]
  const stage = { canvas, center: { x: right / 2, y: bottom / 2 }, right, bottom }
  category.paint(stage, source.stream('pose'), defect?.name ?? null, source.stream(`defect ${defect?.name}`))
  return canvas
}

/** Uneven light and sensor grain, which differ from view to view. */
function photograph({ grain }: Category, canvas: Canvas, view: number, source: RandomSource): PixelImage {
  const random = source.stream(`view ${view}`)
  const level = between(random, 0.92, 1.06)
  const [slopeX, slopeY] = [between(random, -0.07, 0.07), between(random, -0.07, 0.07)]
  const noise = new Float32Array(canvas.width * canvas.height)
  // The sum of two uniform numbers is close enough to a sensor's noise.
  for (let pixel = 0; pixel < noise.length; pixel++) noise[pixel] = grain * 1.2 * (random.uniform() + random.uniform() - 1)
  return finish(canvas, (x, y) => level + slopeX * (x - 0.5) + slopeY * (y - 0.5), noise)
}
