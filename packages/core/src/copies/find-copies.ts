import { thumbnailDistance, thumbnailStatistics } from './thumbnail.ts'

/**
 * Grey levels by which a re-encoded or resized copy differs from its original at most: 0.69 was the largest that was seen of 140 pictures of Magnetic Tile, MVTec's grid and the synthetic
 * categories at JPEG quality 50 to 95, at half size, and at 90 % of the size with quality 75.
 */
const COPY_DISTANCE = 0.8

/** Where pictures of a category are so alike that this share of the usual distance between them is less, that is the limit: looking alike is no copy. */
const SHARE_OF_USUAL = 0.25

/** The usual distance is that to the fourth nearest: up to three copies of a picture don't hide what is usual. */
const USUAL_RANK = 4

/** How many pictures of a category are asked for the usual distance. */
const USUAL_SAMPLE = 48

/** Standard deviation, in grey levels, below which a thumbnail shows nothing by which a picture could be recognised. */
const BLANK = 0.5

export interface ThumbnailedSample {
  readonly id: string
  readonly category: string
  readonly thumbnail: Uint16Array
}

interface Comparable extends ThumbnailedSample {
  readonly mean: number
  /** See {@link COPY_DISTANCE} and {@link SHARE_OF_USUAL}. */
  readonly limit: number
}

/**
 * Which pictures are copies of others although their bytes differ, by id: to the id of the first of them in the order given. What has no copy is not in the map. Chains of copies hang together.
 */
export function findCopies(samples: readonly ThumbnailedSample[]): ReadonlyMap<string, string> {
  const limits = limitsOf(samples)
  const comparable = samples.flatMap((sample): readonly Comparable[] => {
    const { mean, deviation } = thumbnailStatistics(sample.thumbnail)
    return deviation < BLANK ? [] : [{ ...sample, mean, limit: limits.get(sample.category) ?? COPY_DISTANCE }]
  })
  const sorted = comparable.toSorted((first, second) => first.mean - second.mean)
  const clusters = createClusters()
  for (const [place, sample] of sorted.entries())
    for (let next = place + 1; next < sorted.length; next++) {
      const other = sorted[next]
      // A distance is at least the difference of the means.
      if (other === undefined || other.mean - sample.mean > sample.limit) break
      const limit = Math.min(sample.limit, other.limit)
      if (clusters.areJoined(sample.id, other.id)) continue
      if (thumbnailDistance(sample.thumbnail, other.thumbnail, limit) <= limit) clusters.join(sample.id, other.id)
    }
  return firstOfEach(samples, clusters)
}

/** Union-find over ids. */
interface Clusters {
  areJoined(first: string, second: string): boolean
  join(first: string, second: string): void
  /** What all of a cluster have in common; `undefined` for what was never joined. */
  root(id: string): string | undefined
}

function createClusters(): Clusters {
  const parents = new Map<string, string>()
  const find = (id: string): string => {
    let root = id
    for (let parent = parents.get(root) ?? root; parent !== root; parent = parents.get(root) ?? root) root = parent
    if (parents.has(id)) parents.set(id, root)
    return root
  }
  return {
    areJoined: (first, second) => parents.has(first) && parents.has(second) && find(first) === find(second),
    join(first, second) {
      const root = find(first)
      for (const joined of [root, find(second), first, second]) parents.set(joined, root)
    },
    root: (id) => (parents.has(id) ? find(id) : undefined),
  }
}

function firstOfEach(samples: readonly ThumbnailedSample[], clusters: Clusters): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  const copies = new Map<string, string>()
  for (const { id } of samples) {
    const root = clusters.root(id)
    if (root === undefined) continue
    if (!first.has(root)) first.set(root, id)
    copies.set(id, first.get(root) ?? id)
  }
  return copies
}

/** By category: how near two pictures must be to be copies. */
function limitsOf(samples: readonly ThumbnailedSample[]): ReadonlyMap<string, number> {
  const byCategory = new Map<string, ThumbnailedSample[]>()
  for (const sample of samples) byCategory.set(sample.category, [...(byCategory.get(sample.category) ?? []), sample])
  return new Map([...byCategory].map(([category, members]) => [category, Math.min(COPY_DISTANCE, SHARE_OF_USUAL * usualDistance(members))]))
}

/** The median, over some pictures spread evenly, of the distance to the fourth nearest; Infinity where there are too few to tell. */
function usualDistance(members: readonly ThumbnailedSample[]): number {
  if (members.length <= USUAL_RANK + 1) return Infinity
  const asked = Math.min(USUAL_SAMPLE, members.length)
  const distances = Array.from({ length: asked }, (_, index) => rankedDistance(members, Math.floor((index * members.length) / asked)))
  return distances.toSorted((first, second) => first - second)[Math.floor(asked / 2)] ?? Infinity
}

function rankedDistance(members: readonly ThumbnailedSample[], place: number): number {
  const own = members[place]
  const nearest: number[] = Array.from({ length: USUAL_RANK }, () => Infinity)
  for (const [other, { thumbnail }] of members.entries()) {
    if (own === undefined || other === place) continue
    const farthest = nearest.at(-1) ?? Infinity
    const distance = thumbnailDistance(own.thumbnail, thumbnail, farthest)
    if (distance >= farthest) continue
    nearest[USUAL_RANK - 1] = distance
    nearest.sort((first, second) => first - second)
  }
  return nearest.at(-1) ?? Infinity
}
