import { createEvaluation, ImIadError, type EvaluatedMap, type EvaluatedSample, type Evaluation } from '@im-iad/core'
import { applyGeometryToMask, readImage, readMap } from '@im-iad/images'
import type { FoundMap } from './find-maps.ts'

/**
 * Reads maps and masks into an evaluation. Without `scores`, an image's score is the maximum of its map.
 * @throws ImIadError IM_IAD_E_MAPS for sizes that differ, IM_IAD_E_SCORES for an image without a score
 */
export async function readEvaluation(found: readonly FoundMap[], scores: ReadonlyMap<string, number> | null): Promise<Evaluation> {
  const maps: EvaluatedMap[] = []
  for (const each of found) maps.push(await readEvaluatedMap(each))
  return createEvaluation({
    samples: found.map(({ id, defect }, index) => sampleOf(id, defect, maps[index])),
    scores: Float64Array.from(found, ({ id }, index) => (scores === null ? maximum(maps[index]) : scoreOf(id, scores))),
    maps: { kind: 'available', items: maps },
  })
}

async function readEvaluatedMap({ id, map, mask }: FoundMap): Promise<EvaluatedMap> {
  const { width, height, data } = await readMap(map)
  if (mask === null) return { width, height, map: data, mask: new Uint8Array(width * height), regions: [] }
  const picture = await readImage(mask)
  if (picture.width !== width || picture.height !== height)
    throw new ImIadError({
      code: 'IM_IAD_E_MAPS',
      what: `the map "${id}" and its mask differ in size`,
      found: `${map} and ${mask}`,
      problem: `the map is ${width}x${height}, the mask ${picture.width}x${picture.height} pixels`,
      fix: 'bring the map to the size of the mask before scoring it; how it is resized changes the numbers, so it is not done here',
    })
  const binary = applyGeometryToMask(picture, { resize: { width, height }, resample: 'bilinear', crop: null })
  return { width, height, map: data, mask: binary, regions: [{ mask: binary, saturationArea: null }] }
}

/** A picture is anomalous when its mask marks something: an empty mask is a normal picture's. */
function sampleOf(id: string, defect: string, map: EvaluatedMap | undefined): EvaluatedSample {
  return map?.mask.includes(1) === true ? { id, label: 'anomalous', defect } : { id, label: 'normal' }
}

function maximum(map: EvaluatedMap | undefined): number {
  let largest = -Infinity
  for (const value of map?.map ?? []) if (value > largest || Number.isNaN(value)) largest = value
  return largest
}

function scoreOf(id: string, scores: ReadonlyMap<string, number>): number {
  const score = scores.get(id)
  if (score === undefined)
    throw new ImIadError({
      code: 'IM_IAD_E_SCORES',
      what: `the image "${id}" has no score`,
      problem: 'its map is there, but --scores does not name it',
      fix: 'add the row, or leave out --scores',
    })
  return score
}
