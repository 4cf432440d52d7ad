import type { ImageBatch, TrainingSamples } from '@im-iad/core'
import { readAhead } from '@im-iad/core/machinery'

/** Some of the samples, in the given order: what a fold is fitted on. Pictures are decoded once for all subsets. */
export function subsetSamples(all: TrainingSamples, indices: readonly number[]): TrainingSamples {
  const { height, width } = all
  const { length } = indices
  const at: TrainingSamples['at'] = async (index) => {
    const place = indices[index]
    if (place === undefined) throw new RangeError(`training sample ${index} of ${length}`)
    return all.at(place)
  }
  const batch = async (start: number, count: number): Promise<ImageBatch> => {
    const frame = height * width * 3
    const pixels = new Uint8Array(count * frame)
    const samples = await Promise.all(Array.from({ length: count }, (_, offset) => at(start + offset)))
    for (const [offset, sample] of samples.entries()) pixels.set(sample.pixels, offset * frame)
    return { count, height, width, pixels }
  }
  return {
    length,
    height,
    width,
    at,
    batches: (size) => readAhead(Math.ceil(length / size), 1, (index) => batch(index * size, Math.min(size, length - index * size))),
    [Symbol.asyncIterator]: () => readAhead(length, 4, at)[Symbol.asyncIterator](),
  }
}
