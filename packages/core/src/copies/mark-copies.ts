import type { SampleFacts } from '../contracts/paradigm.ts'
import type { FingerprintedSample } from '../dataset/sample-facts.ts'
import { readSource } from '../runner/image-reader.ts'
import { findCopies, type ThumbnailedSample } from './find-copies.ts'
import { openThumbnailCache, type ThumbnailCache } from './thumbnail-cache.ts'
import { thumbnailOf } from './thumbnail.ts'

export interface MarkCopiesRequest {
  readonly samples: readonly FingerprintedSample[]
  /** Where thumbnails are remembered. */
  readonly cacheDirectory: string
  /** The data root, or the dataset's id where there is none. */
  readonly scope: string
}

/** How many pictures are decoded at a time. */
const CONCURRENCY = 8

/**
 * The facts of all samples, with `copyOf` where a picture is a re-encoded or resized copy of another. Every picture is decoded the first time it is met; after that its thumbnail is
 * known. A picture that can't be read is passed over: whoever uses it will say so.
 */
export async function markCopies({ samples, cacheDirectory, scope }: MarkCopiesRequest): Promise<readonly SampleFacts[]> {
  const thumbnailed: ThumbnailedSample[] = []
  for (const category of new Set(samples.map(({ facts }) => facts.category))) {
    const cache = await openThumbnailCache(cacheDirectory, `${scope}\n${category}`)
    const own = samples.filter(({ facts }) => facts.category === category)
    for (let start = 0; start < own.length; start += CONCURRENCY)
      thumbnailed.push(...(await Promise.all(own.slice(start, start + CONCURRENCY).map((sample) => readThumbnail(sample, cache)))).flat())
    await cache.save()
  }
  const copies = findCopies(thumbnailed)
  return samples.map(({ facts }) => {
    const copyOf = copies.get(facts.id)
    return copyOf === undefined ? facts : { ...facts, copyOf }
  })
}

async function readThumbnail({ sample, facts }: FingerprintedSample, cache: ThumbnailCache): Promise<readonly ThumbnailedSample[]> {
  const { id, category, sha256 } = facts
  const known = cache.get(sha256)
  if (known !== undefined) return [{ id, category, thumbnail: known }]
  try {
    const thumbnail = thumbnailOf(await readSource(id, sample.image, sha256))
    cache.set(sha256, thumbnail)
    return [{ id, category, thumbnail }]
  } catch {
    return []
  }
}
