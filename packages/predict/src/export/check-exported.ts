import { frameMap } from '@im-iad/core/machinery'
import { applyGeometry, type PixelImage } from '@im-iad/images'
import { openSession, type OnnxSession } from '@im-iad/onnx'
import type { FramePredictor } from '../frame-predictor.ts'
import type { ModelInput } from '../model/description.ts'
import { TENSORS } from './build-model-graph.ts'
import { otherScores } from './export-errors.ts'

/** How far an exported model is off, relative to the largest value. */
export interface ExportDeviation {
  readonly score: number
  /** `null` where there are no maps. */
  readonly map: number | null
}

/** What the issue of an exported model may be off by. */
const LIMIT = 1e-4

/** Width and height of the test pictures, in those of the resized picture: one is shrunk, one enlarged, neither by a whole number. */
const PROPORTIONS = [
  { across: 1.71, down: 1.23 },
  { across: 0.83, down: 0.64 },
] as const

/**
 * Runs the exported model on made-up pictures beside the model itself.
 * @param batch - pictures at a time, where the model takes no other number
 * @throws ImIadError IM_IAD_E_EXPORT when their scores or maps differ
 */
export async function checkExported(
  bytes: Uint8Array,
  predictor: FramePredictor,
  geometry: ModelInput,
  { batch, threads }: { readonly batch: number; readonly threads: number },
): Promise<ExportDeviation> {
  const session = await openSession(bytes, { threads })
  try {
    const found: ExportDeviation[] = []
    for (const { across, down } of PROPORTIONS) {
      const picture = testPicture(Math.ceil(geometry.resize.width * across), Math.ceil(geometry.resize.height * down))
      found.push(await deviationFor(picture, { session, predictor, geometry, batch }))
    }
    const score = Math.max(...found.map((one) => one.score))
    const map = found.some((one) => one.map === null) ? null : Math.max(...found.map((one) => one.map ?? 0))
    // Not "greater": NaN must not pass.
    if (!(score <= LIMIT)) throw otherScores('score', score, LIMIT)
    if (map !== null && !(map <= LIMIT)) throw otherScores('map', map, LIMIT)
    return { score, map }
  } finally {
    await session.dispose()
  }
}

interface Compared {
  readonly session: OnnxSession
  readonly predictor: FramePredictor
  readonly geometry: ModelInput
  readonly batch: number
}

async function deviationFor(picture: PixelImage, { session, predictor, geometry, batch }: Compared): Promise<ExportDeviation> {
  const { width, height, data } = picture
  const pixels = new Uint8Array(batch * data.length)
  for (let copy = 0; copy < batch; copy++) pixels.set(data, copy * data.length)
  const exported = await session.run({ [TENSORS.image]: { shape: [batch, height, width, 3], data: pixels } })
  const [expected] = await predictor.predict([{ pixels: applyGeometry(picture, geometry).data, withMap: true }])
  const score = deviation(exported.get(TENSORS.score)?.data.subarray(0, 1), Float32Array.of(expected?.score ?? Number.NaN))
  if (expected === undefined || expected.map === null) return { score, map: null }
  const map = await frameMap(expected.map, picture, { geometry, frame: 'native' })
  return { score, map: deviation(exported.get(TENSORS.map)?.data.subarray(0, map.length), map) }
}

/** The largest difference, relative to the largest magnitude; NaN when the lengths differ. */
function deviation(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length) return Number.NaN
  let largest = 0
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index] ?? 0))
    difference = Math.max(difference, Math.abs((found[index] ?? 0) - (expected[index] ?? 0)))
  }
  return difference === 0 ? 0 : difference / largest
}

/** Waves with a bright corner and some grain: every filter finds something. */
function testPicture(width: number, height: number): PixelImage {
  const data = new Uint8Array(width * height * 3)
  let grain = 1
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++, at++) {
        grain = (Math.imul(grain, 1_664_525) + 1_013_904_223) >>> 0
        const wave = Math.sin(x / (5 + 3 * channel)) + Math.cos((x + 2 * y) / (9 - channel))
        data[at] = Math.max(0, Math.min(255, 110 + 45 * wave + (x + y < width / 3 ? 60 : 0) + (grain >>> 28)))
      }
  return { width, height, channels: 3, data }
}
