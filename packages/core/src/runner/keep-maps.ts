import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FloatMap, PixelImage } from '@im-iad/images'
import type { InputGeometry } from '../contracts/algorithm.ts'
import type { Evaluation, EvaluatedMap } from '../contracts/metric.ts'
import { compareText } from '../registry/registry.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import type { EvaluationFrame, KeptMap } from '../store/record.ts'
import { readPicture, type ReadableSample } from './framed-sample.ts'
import type { MapRetention } from './job.ts'
import type { PredictedSamples } from './predict-samples.ts'

/** How many misses, and how many false alarms, are kept by default. */
const WORST = 8

export interface KeepMapsRequest {
  readonly task: string
  readonly predicted: PredictedSamples
  /** In the order of the evaluation's samples. */
  readonly samples: readonly ReadableSample[]
  readonly retention: MapRetention
  readonly geometry: InputGeometry
  readonly frame: EvaluationFrame
  /** `experiments/<hash>/maps`. */
  readonly directory: string
  /** What is in the folder already, from earlier tasks. */
  readonly kept: readonly KeptMap[]
}

/** Writes pictures, maps and masks for people to look at, and the index of all that is kept. Pictures are decoded again, so none had to stay in memory. */
export async function keepMaps(request: KeepMapsRequest): Promise<readonly KeptMap[]> {
  if (request.retention === 'none') return []
  if (request.kept.length === 0) await rm(request.directory, { recursive: true, force: true })
  await mkdir(request.directory, { recursive: true })
  const kept: KeptMap[] = [...request.kept]
  for (const choice of chooseSamples(request.predicted.evaluation, request.retention))
    kept.push(await keepOne(choice, kept.length, request))
  await writeFileAtomically(join(request.directory, 'index.json'), JSON.stringify(kept, null, 1))
  return kept
}

interface Choice {
  readonly index: number
  readonly why: KeptMap['why']
  readonly rank: number
}

/** The anomalous samples with the lowest scores and the normal ones with the highest; with `all`, the others after them. */
function chooseSamples(evaluation: Evaluation, retention: MapRetention): readonly Choice[] {
  const order = evaluation.samples.map((sample, index) => ({ ...sample, index, score: evaluation.scores[index] ?? 0 }))
  const ranked = (why: KeptMap['why'], samples: typeof order): readonly Choice[] =>
    samples.map(({ index }, place) => ({ index, why, rank: place + 1 }))
  const misses = order.filter(({ label }) => label === 'anomalous').toSorted((a, b) => a.score - b.score || compareText(a.id, b.id))
  const alarms = order.filter(({ label }) => label === 'normal').toSorted((a, b) => b.score - a.score || compareText(a.id, b.id))
  const worst = [...ranked('miss', misses.slice(0, WORST)), ...ranked('false-alarm', alarms.slice(0, WORST))]
  if (retention === 'worst') return worst
  const chosen = new Set(worst.map(({ index }) => index))
  return [
    ...worst,
    ...ranked(
      'other',
      order.filter(({ index }) => !chosen.has(index)),
    ),
  ]
}

async function keepOne(choice: Choice, number: number, request: KeepMapsRequest): Promise<KeptMap> {
  const { encodePng, encodeNpy } = await import('@im-iad/images')
  const readable = request.samples[choice.index]
  const { evaluation, maps } = request.predicted
  const evaluated = evaluation.samples[choice.index]
  if (readable === undefined || evaluated === undefined) throw new RangeError(`sample ${choice.index} was not evaluated`)
  const name = String(number).padStart(4, '0')
  const write = async (suffix: string, bytes: Uint8Array): Promise<string> => {
    await writeFileAtomically(join(request.directory, name + suffix), bytes)
    return name + suffix
  }
  const item = maps?.[choice.index] ?? null
  return {
    sample: evaluated.id,
    task: request.task,
    label: evaluated.label,
    defect: evaluated.defect ?? null,
    score: evaluation.scores[choice.index] ?? 0,
    why: choice.why,
    rank: choice.rank,
    picture: await write('-picture.png', await encodePng(await framedPicture(readable, request))),
    map: item === null ? null : await write('-map.npy', encodeNpy(floatMap(item))),
    mask: item === null || item.regions.length === 0 ? null : await write('-mask.png', await encodePng(maskImage(item))),
  }
}

async function framedPicture(readable: ReadableSample, { geometry, frame }: KeepMapsRequest): Promise<PixelImage> {
  const { applyGeometry } = await import('@im-iad/images')
  const picture = await readPicture(readable)
  return frame === 'native' ? picture : applyGeometry(picture, geometry)
}

function floatMap({ width, height, map }: EvaluatedMap): FloatMap {
  return { width, height, data: map }
}

function maskImage({ width, height, mask }: EvaluatedMap): PixelImage {
  return { width, height, channels: 1, data: mask.map((value) => value * 255) }
}
