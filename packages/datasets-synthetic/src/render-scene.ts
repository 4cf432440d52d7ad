import { createRandomSource, type RandomSource } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import { createCanvas, type Canvas } from './canvas.ts'
import { between, type Category, type Defect } from './category.ts'
import { photograph } from './photograph.ts'
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
export function renderPicture(category: Category, request: SceneRequest): PixelImage {
  const source = createRandomSource(request.seed, `synthetic/${category.name}/${request.part}`)
  return photograph(paint(category, request, source), category.grain, source.stream(`view ${request.view}`))
}

/** Renders one picture with its mask, for which the part is rendered once more without the defect. */
export function renderScene(category: Category, request: SceneRequest): Scene {
  const image = renderPicture(category, request)
  const { width, height, defect } = request
  if (defect === null) return { image, mask: null, saturationArea: null }
  const mask = visibleChange(image, renderPicture(category, { ...request, defect: null }))
  const saturationArea = defect.saturationArea === undefined ? null : Math.round(defect.saturationArea * Math.min(width, height) ** 2)
  return { image, mask, saturationArea }
}

function paint(category: Category, { view, width, height, defect }: SceneRequest, source: RandomSource): Canvas {
  const shift = source.stream(`shift ${view}`)
  const canvas = createCanvas(width, height, { x: between(shift, -0.01, 0.01), y: between(shift, -0.01, 0.01) })
  const [right, bottom] = [width / canvas.unit, height / canvas.unit]
  const stage = { canvas, center: { x: right / 2, y: bottom / 2 }, right, bottom }
  category.paint(stage, source.stream('pose'), defect?.name ?? null, source.stream(`defect ${defect?.name}`))
  return canvas
}
