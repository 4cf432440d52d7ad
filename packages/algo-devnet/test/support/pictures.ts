import type { FitRequest, ImageBatch, TrainingSample } from '@im-iad/core'
import { batchFrom, fitRequest, trainingSamples } from '@im-iad/testkit'

export const SIZE = 64
const FRAME = { width: SIZE, height: SIZE }

/** A striped picture, uint8 RGB `[64, 64, 3]`; stripes move and are grained with the seed. */
export function striped(seed: number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3)
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)]
    return 120 + 50 * Math.sin(0.6 * x + 0.2 * y + seed) + 12 * Math.sin(index * 12.9898 + seed * 78.233)
  })
}

/** The same with a dotted patch of 24 x 24 pixels, whose place goes with the seed. */
export function dotted(seed: number): Uint8Array {
  const pixels = striped(seed)
  const [left, top] = [(seed * 13) % 40, (seed * 29) % 40]
  for (let y = top; y < top + 24; y++)
    for (let x = left; x < left + 24; x++) pixels.fill((x + y) % 2 === 0 ? 240 : 15, (y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3)
  return pixels
}

export function labelled(normal: readonly Uint8Array[], abnormal: readonly Uint8Array[]): readonly TrainingSample[] {
  return [
    ...normal.map((pixels): TrainingSample => ({ pixels, label: 'normal' })),
    ...abnormal.map((pixels): TrainingSample => ({ pixels, label: 'anomalous' })),
  ]
}

const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, index) => from + index)

/** Twelve normal and three abnormal pictures. */
export const TRAINING: readonly TrainingSample[] = labelled(range(0, 12).map(striped), range(50, 3).map(dotted))

export function requestOf(samples: readonly TrainingSample[], change: Partial<FitRequest> = {}): FitRequest {
  return fitRequest([], { samples: trainingSamples(samples, FRAME), ...change })
}

export function batchOf(...pictures: readonly Uint8Array[]): ImageBatch {
  return batchFrom(pictures, FRAME)
}

/** Eight normal pictures and eight abnormal ones that were not trained on. */
export const TEST: ImageBatch = batchOf(...range(100, 8).map(striped), ...range(200, 8).map(dotted))

/** The area under the ROC curve of {@link TEST}'s scores. */
export function areaUnderCurve(scores: Float32Array): number {
  const [normal, abnormal] = [scores.subarray(0, 8), scores.subarray(8)]
  let wins = 0
  for (const high of abnormal) for (const low of normal) wins += high > low ? 1 : high === low ? 0.5 : 0
  return wins / 64
}
