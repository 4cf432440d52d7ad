import type { ImageSource, Sample } from '@im-iad/core'
import type { Category, Defect } from './category.ts'
import type { SyntheticParameters } from './parameters.ts'
import { renderScene, type Scene, type SceneRequest } from './render-scene.ts'

/** Raised with every change that changes pixels; part of each picture's fingerprint. */
const RENDERING = 1

/** All samples of a category, sorted by id. Nothing is rendered before a picture is read. */
export function listSamples(category: Category, parameters: SyntheticParameters): readonly Sample[] {
  const { trainNormal, testNormal, testAnomalous } = parameters
  const normal = Array.from({ length: trainNormal + testNormal }, (_, index) =>
    sampleOf(category, parameters, index, index < trainNormal ? 'train' : 'test', null),
  )
  const anomalous = Array.from({ length: testAnomalous }, (_, index) =>
    sampleOf(category, parameters, trainNormal + testNormal + index, 'test', category.defects[index % category.defects.length]),
  )
  return [...normal, ...anomalous].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function sampleOf(
  category: Category,
  parameters: SyntheticParameters,
  index: number,
  split: 'train' | 'test',
  defect: Defect | null,
): Sample {
  const { viewsPerPart, width, height, seed } = parameters
  const id = `${category.name}/${defect?.name ?? 'good'}/${String(index).padStart(5, '0')}`
  const request: SceneRequest = { seed, part: Math.floor(index / viewsPerPart), view: index % viewsPerPart, width, height, defect }
  const fingerprint = JSON.stringify([RENDERING, category.name, request])
  const source = (what: string, pick: (scene: Scene) => Scene['mask']): ImageSource => ({
    kind: 'pixels',
    name: `synthetic ${id} ${what}`,
    fingerprint: `${what} ${fingerprint}`,
    read: () => Promise.resolve(present(pick(renderScene(category, request)), id)),
  })
  const saturation =
    defect?.saturationArea === undefined ? {} : { saturationArea: Math.round(defect.saturationArea * Math.min(width, height) ** 2) }
  return {
    id,
    category: category.name,
    split: viewsPerPart > 1 ? null : split,
    label: defect === null ? 'normal' : 'anomalous',
    image: source('picture', (scene) => scene.image),
    masks: defect === null ? [] : [{ image: source('mask', (scene) => scene.mask), ...saturation }],
    ...(defect === null ? {} : { defect: defect.name, family: defect.family }),
    ...(viewsPerPart > 1 ? { group: `part-${request.part}` } : {}),
  }
}

function present(image: Scene['mask'], id: string): NonNullable<Scene['mask']> {
  if (image === null) throw new RangeError(`the normal sample "${id}" has no mask`)
  return image
}
