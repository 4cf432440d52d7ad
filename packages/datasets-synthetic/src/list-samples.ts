import type { ImageSource, Sample } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import type { Category, Defect } from './category.ts'
import type { SyntheticParameters } from './parameters.ts'
import { renderPicture, renderScene, type SceneRequest } from './render-scene.ts'

/** Raised with every change that changes pixels; part of each picture's fingerprint. */
const RENDERING = 2

/** The parts of one series of pictures are numbered from a multiple of this, so that its pictures stay the same whatever the counts of the others. */
const SERIES = 1_000_000

/** All samples of a category, sorted by id. Nothing is rendered before a picture is read. */
export function listSamples(category: Category, parameters: SyntheticParameters): readonly Sample[] {
  const { trainNormal, testNormal, testAnomalous, viewsPerPart } = parameters
  const good = { firstPart: 0, defects: [null] }
  const damaged = { firstPart: 2 * SERIES, defects: category.defects, count: testAnomalous }
  const series: readonly Series[] =
    viewsPerPart > 1
      ? [
          { ...good, split: null, count: trainNormal + testNormal },
          { ...damaged, split: null },
        ]
      : [
          { ...good, split: 'train', count: trainNormal },
          { ...good, split: 'test', count: testNormal, firstPart: SERIES },
          { ...damaged, split: 'test' },
        ]
  return series
    .flatMap((one) => Array.from({ length: one.count }, (_, index) => sampleOf(category, parameters, one, index)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Pictures that are numbered together. */
interface Series {
  readonly split: 'train' | 'test' | null
  readonly count: number
  readonly firstPart: number
  /** The parts have these in turn; a part has the same one in all of its views. */
  readonly defects: readonly (Defect | null)[]
}

function sampleOf(category: Category, parameters: SyntheticParameters, { split, firstPart, defects }: Series, index: number): Sample {
  const { viewsPerPart, width, height, seed } = parameters
  const turn = Math.floor(index / viewsPerPart)
  const defect = defects[turn % defects.length]
  const folder = split === null ? category.name : `${category.name}/${split}`
  const id = `${folder}/${defect?.name ?? 'good'}/${String(index).padStart(5, '0')}`
  const request: SceneRequest = { seed, part: firstPart + turn, view: index % viewsPerPart, width, height, defect }
  const fingerprint = JSON.stringify([RENDERING, category.name, request])
  const source = (what: string, render: () => PixelImage): ImageSource => ({
    kind: 'pixels',
    name: `synthetic ${id} ${what}`,
    fingerprint: `${what} ${fingerprint}`,
    read: () => Promise.resolve(render()),
  })
  const saturation =
    defect?.saturationArea === undefined ? {} : { saturationArea: Math.round(defect.saturationArea * Math.min(width, height) ** 2) }
  return {
    id,
    category: category.name,
    split,
    label: defect === null ? 'normal' : 'anomalous',
    image: source('picture', () => renderPicture(category, request)),
    masks: defect === null ? [] : [{ image: source('mask', () => maskOf(category, request, id)), ...saturation }],
    ...(defect === null ? {} : { defect: defect.name, family: defect.family }),
    ...(viewsPerPart > 1 ? { group: `${category.name}/part-${request.part}` } : {}),
  }
}

function maskOf(category: Category, request: SceneRequest, id: string): PixelImage {
  const { mask } = renderScene(category, request)
  if (mask === null) throw new RangeError(`the normal sample "${id}" has no mask`)
  return mask
}
