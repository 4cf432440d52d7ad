import type { FloatMap, Window } from '@im-iad/images'
import type { AlgorithmInstance, AlgorithmPlugin, AnomalyMaps, ImageBatch, InputGeometry } from '../contracts/algorithm.ts'
import type { EvaluatedMap, EvaluatedSample, Evaluation } from '../contracts/metric.ts'
import type { Sample } from '../contracts/sample.ts'
import type { EvaluationFrame } from '../store/record.ts'
import { checkPrediction } from './check-prediction.ts'
import { createEvaluation } from './create-evaluation.ts'
import { inputSize, readPicture, readRegions, unionOf, type ReadableSample, type Size } from './framed-sample.ts'
import type { StageClock } from './stage-clock.ts'

/** Pictures per call of `predict`. */
const BATCH_SIZE = 8

export interface PredictRequest {
  readonly plugin: AlgorithmPlugin
  readonly instance: AlgorithmInstance
  readonly geometry: InputGeometry
  readonly frame: EvaluationFrame
  readonly samples: readonly ReadableSample[]
  readonly clock: StageClock
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

export interface PredictedSamples {
  readonly evaluation: Evaluation
  /** In the order of the samples, whether they can be evaluated (masks known) or not; `null` where the algorithm makes none. */
  readonly maps: readonly EvaluatedMap[] | null
}

/** Predicts all samples and lays scores, maps and masks out in the evaluation frame. */
export async function predictSamples(request: PredictRequest): Promise<PredictedSamples> {
  const { samples, plugin } = request
  const scores = new Float32Array(samples.length)
  const maps: EvaluatedMap[] = []
  // One batch after the other, nothing read ahead: overlapping them would blur what each stage takes.
  for (let first = 0; first < samples.length; first += BATCH_SIZE) {
    request.signal.throwIfAborted()
    const { batch, originals, members } = await readBatch(samples.slice(first, first + BATCH_SIZE), request)
    const start = performance.now()
    const prediction = await request.instance.predict(batch)
    request.clock.add('predict', performance.now() - start)
    request.clock.endBatch(batch.count)
    checkPrediction(plugin, prediction, batch.count)
    scores.set(prediction.scores, maps.length)
    for (const [index, member] of members.entries())
      maps.push(await evaluatedMap(member, originals[index] ?? inputSize(request.geometry), prediction.maps, index, request))
    request.onProgress(maps.length)
  }
  const evaluation = createEvaluation({
    samples: samples.map(({ sample }) => describe(sample)),
    scores,
    maps: evaluableMaps(samples, maps, plugin),
  })
  return { evaluation, maps: plugin.outputs === 'image' ? null : maps }
}

function describe({ id, label, defect, family }: Sample): EvaluatedSample {
  return { id, label, ...(defect === undefined ? {} : { defect }), ...(family === undefined ? {} : { family }) }
}

/** The maps, or why pixel metrics can't be had: the algorithm makes none, or masks are missing. */
function evaluableMaps(samples: readonly ReadableSample[], items: readonly EvaluatedMap[], plugin: AlgorithmPlugin): Evaluation['maps'] {
  if (plugin.outputs === 'image') return { kind: 'missing', reason: 'the algorithm makes no anomaly maps' }
  const unmasked = samples.filter(({ sample }) => sample.label === 'anomalous' && sample.masks.length === 0)
  const [first] = unmasked
  if (first === undefined) return { kind: 'available', items }
  const others = unmasked.length === 1 ? '' : ` and ${unmasked.length - 1} others`
  return { kind: 'missing', reason: `no mask was published for the anomalous sample "${first.sample.id}"${others}` }
}

interface ReadBatch {
  readonly batch: ImageBatch
  readonly originals: readonly Size[]
  readonly members: readonly ReadableSample[]
}

async function readBatch(members: readonly ReadableSample[], { geometry, clock }: PredictRequest): Promise<ReadBatch> {
  const { applyGeometry } = await import('@im-iad/images')
  const size = inputSize(geometry)
  const frameBytes = size.width * size.height * 3
  const pixels = new Uint8Array(members.length * frameBytes)
  const pictures = await clock.time('decode', () => Promise.all(members.map(readPicture)))
  const start = performance.now()
  for (const [index, picture] of pictures.entries()) pixels.set(applyGeometry(picture, geometry).data, index * frameBytes)
  clock.add('preprocess', performance.now() - start)
  return { batch: { count: members.length, ...size, pixels }, originals: pictures.map(({ width, height }) => ({ width, height })), members }
}

/** One picture's map and mask in the evaluation frame; an empty map where the algorithm makes none (the evaluation then says so). */
async function evaluatedMap(
  member: ReadableSample,
  original: Size,
  maps: AnomalyMaps | undefined,
  index: number,
  request: PredictRequest,
): Promise<EvaluatedMap> {
  const size = request.frame === 'model' ? inputSize(request.geometry) : original
  if (maps === undefined) return { ...size, map: new Float32Array(0), mask: new Uint8Array(0), regions: [] }
  const plane = maps.height * maps.width
  const own: FloatMap = { width: maps.width, height: maps.height, data: maps.data.slice(index * plane, (index + 1) * plane) }
  const regions = await readRegions(member, original, request.geometry, request.frame)
  return { ...size, map: await frameMap(own, original, request), mask: unionOf(regions, size), regions }
}

/** A model's map in the evaluation frame. @param original - the picture's own size */
export async function frameMap(
  own: FloatMap,
  original: Size,
  { geometry, frame }: Pick<PredictRequest, 'geometry' | 'frame'>,
): Promise<Float32Array> {
  const { resizeMap, windowOf } = await import('@im-iad/images')
  const input = inputSize(geometry)
  const framed = own.width === input.width && own.height === input.height ? own : resizeMap(own, input)
  if (frame === 'model') return framed.data
  return resizeMap(geometry.crop === null ? framed : uncrop(framed, geometry.resize, windowOf(geometry)), original).data
}

/** Puts a centre crop's map back into the resized picture. What was cropped away was never looked at: it gets the map's minimum. */
function uncrop(map: FloatMap, resize: Size, { left, top }: Pick<Window, 'left' | 'top'>): FloatMap {
  const data = new Float32Array(resize.width * resize.height).fill(map.data.reduce((least, value) => Math.min(least, value), Infinity))
  for (let row = 0; row < map.height; row++)
    data.set(map.data.subarray(row * map.width, (row + 1) * map.width), (top + row) * resize.width + left)
  return { ...resize, data }
}
