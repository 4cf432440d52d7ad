import type { AlgorithmPlugin, ImageBatch, InputGeometry, TrainingSample, TrainingSamples } from '../contracts/algorithm.ts'
import type { TrainingItem } from '../contracts/paradigm.ts'
import { readAhead } from './read-ahead.ts'
import { inputSize, readFramed, readRegions, unionOf, type ReadableSample } from './framed-sample.ts'
import { createFrameCache } from './frame-cache.ts'

/** What a step trains on. */
export interface TrainingSource {
  readonly items: readonly TrainingItem[]
  readonly readable: (id: string) => ReadableSample
  readonly geometry: InputGeometry
  readonly supervision: AlgorithmPlugin['supervision']
  /** Whether samples tell their category: auxiliary ones do. */
  readonly withCategory: boolean
  /** Where decoded pictures go when memory does not hold them. */
  readonly cacheFile: string
}

/** How many pictures are decoded at a time. */
const DECODE_CONCURRENCY = 4

/** The lazy sequence that `fit` gets. Each picture is decoded and resized once; close it when `fit` is over. */
export function createTrainingSamples(source: TrainingSource): TrainingSamples & { readonly close: () => Promise<void> } {
  const size = inputSize(source.geometry)
  const pixelCount = size.width * size.height
  const withMasks = source.supervision === 'pixel-labels'
  const cache = createFrameCache(source.items.length, pixelCount * (withMasks ? 4 : 3), source.cacheFile)
  const { length } = source.items

  const frameAt = (index: number): Promise<Uint8Array> => cache.get(index, () => readFrame(itemAt(source.items, index), source, withMasks))
  const at = async (index: number): Promise<TrainingSample> =>
    describe(itemAt(source.items, index), await frameAt(index), source, pixelCount)
  const batch = async (start: number, count: number): Promise<ImageBatch> => {
    const pixels = new Uint8Array(count * pixelCount * 3)
    await Promise.all(
      Array.from({ length: count }, async (_, offset) =>
        pixels.set((await frameAt(start + offset)).subarray(0, pixelCount * 3), offset * pixelCount * 3),
      ),
    )
    return { count, height: size.height, width: size.width, pixels }
  }
  return {
    length,
    ...size,
    at,
    batches: (batchSize) =>
      readAhead(Math.ceil(length / batchSize), 1, (index) => batch(index * batchSize, Math.min(batchSize, length - index * batchSize))),
    [Symbol.asyncIterator]: () => readAhead(length, DECODE_CONCURRENCY, at)[Symbol.asyncIterator](),
    close: () => cache.close(),
  }
}

function itemAt(items: readonly TrainingItem[], index: number): TrainingItem {
  const item = items[index]
  if (item === undefined) throw new RangeError(`training sample ${index} of ${items.length}`)
  return item
}

/** The picture's RGB bytes, followed by its mask where masks are shown. */
async function readFrame(item: TrainingItem, source: TrainingSource, withMasks: boolean): Promise<Uint8Array> {
  const readable = source.readable(item.id)
  const { pixels, original } = await readFramed(readable, source.geometry)
  if (!withMasks) return pixels
  const frame = new Uint8Array((pixels.length / 3) * 4)
  frame.set(pixels)
  if (item.mask)
    frame.set(unionOf(await readRegions(readable, original, source.geometry, 'model'), inputSize(source.geometry)), pixels.length)
  return frame
}

function describe(item: TrainingItem, frame: Uint8Array, source: TrainingSource, pixelCount: number): TrainingSample {
  const { sample } = source.readable(item.id)
  const masked = source.supervision === 'pixel-labels' && item.mask && (sample.masks.length > 0 || sample.label === 'normal')
  return {
    pixels: frame.subarray(0, pixelCount * 3),
    ...(source.supervision === 'none' ? {} : { label: item.label }),
    ...(masked ? { mask: frame.subarray(pixelCount * 3) } : {}),
    ...(source.withCategory ? { category: sample.category } : {}),
  }
}
