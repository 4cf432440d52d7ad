import type { AlgorithmInstance, AlgorithmPlugin, InputGeometry } from '@im-iad/core'
import { checkPrediction, inputSize } from '@im-iad/core/machinery'
import type { FloatMap } from '@im-iad/images'
import { createMicroBatches } from './micro-batches.ts'

/** Pictures per call of the algorithm: as many as the benchmark's runner gives it. */
const BATCH_SIZE = 8

/** A picture in the model's frame: uint8 RGB `[height, width, 3]`. */
export interface Frame {
  readonly pixels: Uint8Array
  /** Whether its map is wanted. */
  readonly withMap: boolean
}

export interface FrameScore {
  readonly score: number
  /** In the model's frame or its own resolution; `null` where not wanted or not made. */
  readonly map: FloatMap | null
}

export interface FramePredictor {
  /** Bytes of a frame. */
  readonly frameBytes: number
  /** One batch, whole. */
  readonly predict: (frames: readonly Frame[]) => Promise<readonly FrameScore[]>
  /** One picture; those that wait together go together. */
  readonly predictOne: (frame: Frame) => Promise<FrameScore>
}

/** Calls an algorithm with frames, one batch at a time, and checks what it returns. */
export function createFramePredictor(plugin: AlgorithmPlugin, instance: AlgorithmInstance, geometry: InputGeometry): FramePredictor {
  const { width, height } = inputSize(geometry)
  const frameBytes = width * height * 3
  const predictBatch = async (frames: readonly Frame[]): Promise<readonly FrameScore[]> => {
    const pixels = new Uint8Array(frames.length * frameBytes)
    for (const [index, frame] of frames.entries()) pixels.set(frame.pixels, index * frameBytes)
    const prediction = await instance.predict({ count: frames.length, height, width, pixels })
    checkPrediction(plugin, prediction, frames.length)
    return Array.from(prediction.scores, (score, index) => ({
      score,
      map: frames[index]?.withMap === true ? mapOf(prediction.maps, index) : null,
    }))
  }
  const predict = async (frames: readonly Frame[]): Promise<readonly FrameScore[]> => {
    const scores: FrameScore[] = []
    for (let first = 0; first < frames.length; first += BATCH_SIZE)
      scores.push(...(await predictBatch(frames.slice(first, first + BATCH_SIZE))))
    return scores
  }
  return { frameBytes, predict, predictOne: createMicroBatches(BATCH_SIZE, predictBatch) }
}

function mapOf(
  maps: { readonly width: number; readonly height: number; readonly data: Float32Array } | undefined,
  index: number,
): FloatMap | null {
  if (maps === undefined) return null
  const plane = maps.width * maps.height
  return { width: maps.width, height: maps.height, data: maps.data.slice(index * plane, (index + 1) * plane) }
}
