import { THUMBNAIL_SIDE, thumbnailDistance, thumbnailHeads, thumbnailStatistics, type Thumbnail, type ThumbnailHeads } from './thumbnail.ts'

/**
 * Grey levels by which a re-encoded or resized copy differs from its original at most, where a thumbnail's cell is one of JPEG's blocks (8 x 8 pixels) or smaller. Quality 50 rounds a block's mean
 * to steps of two grey levels, which makes 0.58; larger cells average over several blocks.
 */
const COPY_DISTANCE = 0.8
const BLOCK = 8

/** Where pictures of a category are so alike that this share of the usual distance between them is less, that is the limit: looking alike is no copy. */
const SHARE_OF_USUAL = 0.12

/** The usual distance is that to the fourth nearest: up to three copies of a picture don't hide what is usual. */
const USUAL_RANK = 4

/** How many pictures of a category are asked for the usual distance. */
const USUAL_SAMPLE = 48

/** Standard deviation, in grey levels, below which a thumbnail shows nothing by which a picture could be recognised. */
const BLANK = 0.5

export interface ThumbnailedSample {
  readonly id: string
  readonly category: string
  readonly thumbnail: Thumbnail
}

interface Comparable {
  /** Place in the order given. */
  readonly place: number
  readonly thumbnail: Thumbnail
  readonly mean: number
  /** What its own size allows; see {@link COPY_DISTANCE}. */
  readonly encoding: number
  /** What its category allows; see {@link SHARE_OF_USUAL}. */
  readonly share: number
}

/**
 * Which pictures are copies of others although their bytes differ, by id: to the id of the first of them in the order given. What has no copy is not in the map. Chains of copies hang together.
 */
export function findCopies(samples: readonly ThumbnailedSample[]): ReadonlyMap<string, string> {
  const shares = usualShares(samples)
  const comparable = samples.flatMap(({ thumbnail, category }, place): readonly Comparable[] => {
    const { mean, deviation } = thumbnailStatistics(thumbnail)
    if (deviation < BLANK) return []
    return [{ place, thumbnail, mean, encoding: encodingLimit(thumbnail), share: shares.get(category) ?? Infinity }]
  })
  const parents = Int32Array.from(samples, (_, place) => place)
  const sorted = comparable.toSorted((first, second) => first.mean - second.mean)
  const heads = thumbnailHeads(sorted.map(({ thumbnail }) => thumbnail))
  for (let index = 0; index < sorted.length; index++) joinCopies(sorted, index, heads, parents)
  return firstOfEach(samples, parents)
}

/** A distance is at least the difference of the means, so only a stretch of the sorted pictures is looked at. */
function joinCopies(sorted: readonly Comparable[], index: number, heads: ThumbnailHeads, parents: Int32Array): void {
  const sample = sorted[index]
  if (sample === undefined) return
  for (let next = index + 1; next < sorted.length; next++) {
    const other = sorted[next]
    if (other === undefined || other.mean - sample.mean > COPY_DISTANCE) return
    const limit = pairLimit(sample, other)
    if (heads.areApart(index, next, limit)) continue
    const roots = [rootOf(parents, sample.place), rootOf(parents, other.place)] as const
    if (roots[0] !== roots[1] && thumbnailDistance(sample.thumbnail, other.thumbnail, limit) <= limit) parents[roots[1]] = roots[0]
  }
}

/** A smaller copy has smaller cells and so a larger distance: what it may have counts, as long as neither is of a category where all look alike. */
function pairLimit(first: Comparable, second: Comparable): number {
  return Math.min(Math.max(first.encoding, second.encoding), first.share, second.share)
}

function encodingLimit({ width, height }: Thumbnail): number {
  const cell = Math.sqrt(width * height) / THUMBNAIL_SIDE
  return COPY_DISTANCE * Math.min(1, BLOCK / cell)
}

/** The root of a place in a union-find forest; shortens the way to it. */
function rootOf(parents: Int32Array, place: number): number {
  let root = place
  for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) root = parent
  parents[place] = root
  return root
}

function firstOfEach(samples: readonly ThumbnailedSample[], parents: Int32Array): ReadonlyMap<string, string> {
  const members = new Map<number, string[]>()
  for (const [place, { id }] of samples.entries()) {
    const root = rootOf(parents, place)
    const cluster = members.get(root)
    if (cluster === undefined) members.set(root, [id])
    else cluster.push(id)
  }
  const copies = new Map<string, string>()
  for (const [first = '', ...others] of members.values()) if (others.length > 0) for (const id of [first, ...others]) copies.set(id, first)
  return copies
}

/** By category: the share of the usual distance. */
function usualShares(samples: readonly ThumbnailedSample[]): ReadonlyMap<string, number> {
  const byCategory = new Map<string, ThumbnailedSample[]>()
  for (const sample of samples) {
    const known = byCategory.get(sample.category)
    if (known === undefined) byCategory.set(sample.category, [sample])
    else known.push(sample)
  }
  return new Map([...byCategory].map(([category, members]) => [category, SHARE_OF_USUAL * usualDistance(members)]))
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
