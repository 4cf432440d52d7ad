import { resample, type PixelImage } from '@im-iad/images'

/** Side of the thumbnails that are compared, in pixels. */
export const THUMBNAIL_SIDE = 32

/**
 * Correlation of two thumbnails' differences from the mean thumbnail above which they show the same part. Of Magnetic Tile's 952 normal pictures, whose tiles are known, the
 * groups join 64 % of the pairs of one tile, in whatever light, and one of 450,065 pairs of two (`npm run bench -- near-duplicates`).
 */
const SAME_PART = 0.95

/** Stricter levels, tried in turn where pictures are so alike that the first would join a large share of them. */
const STRICTER: readonly number[] = [0.97, 0.98, 0.99, 0.995, 0.999]

/** A group with more of the pictures than this, and more than a burst has, is the way all of them look. */
const LARGEST_SHARE = 0.2
const LARGEST_BURST = 5

/** A grey thumbnail, float32 `[32 * 32]`. */
export function thumbnailOf(picture: PixelImage): Float32Array {
  const { data, channels } = resample(picture, { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, filter: 'bilinear' })
  return Float32Array.from({ length: THUMBNAIL_SIDE * THUMBNAIL_SIDE }, (_, pixel) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += data[pixel * channels + channel] ?? 0
    return sum / channels
  })
}

export interface ComparedPicture {
  readonly thumbnail: Float32Array
  /** Pictures that share a key are of one part: a fingerprint, a group that the dataset names. */
  readonly keys: readonly string[]
}

/** Which pictures show the same part. */
export interface PartGroups {
  /** Per picture; groups count from 0 in the order of their first picture. */
  readonly groupOf: readonly number[]
  readonly groups: number
}

/**
 * Groups near-duplicates: bursts, the same part taken twice, copies. Thumbnails are standardised (light and contrast don't count), what all have in common is taken away, and what
 * is left is correlated: two parts differ in what makes them different from the average part. Groups are chains of such pairs.
 */
export function groupNearDuplicates(pictures: readonly ComparedPicture[]): PartGroups {
  const residuals = residualsOf(pictures.map(({ thumbnail }) => thumbnail))
  const pairs = likePairs(residuals)
  for (const level of [SAME_PART, ...STRICTER]) {
    const parents = chain(pictures.length, pairs, level)
    if (largestGroup(parents) <= Math.max(LARGEST_BURST, LARGEST_SHARE * pictures.length)) return numbered(joinKeys(parents, pictures))
  }
  return numbered(joinKeys(chain(pictures.length, [], 1), pictures))
}

interface Pair {
  readonly first: number
  readonly second: number
  readonly correlation: number
}

function residualsOf(thumbnails: readonly Float32Array[]): readonly Float32Array[] {
  const standard = thumbnails.map(standardise)
  const mean = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE)
  for (const thumbnail of standard)
    for (let pixel = 0; pixel < mean.length; pixel++) mean[pixel] = (mean[pixel] ?? 0) + (thumbnail[pixel] ?? 0) / standard.length
  return standard.map((thumbnail) => standardise(thumbnail.map((value, pixel) => value - (mean[pixel] ?? 0))))
}

/** Zero mean, length one; all zeros where nothing varies. */
function standardise(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return values.map((value) => (length < 1e-4 ? 0 : (value - mean) / length))
}

function likePairs(residuals: readonly Float32Array[]): readonly Pair[] {
  const pairs: Pair[] = []
  for (const [first, one] of residuals.entries())
    for (let second = 0; second < first; second++) {
      const other = residuals[second]
      const correlation = other === undefined ? 0 : dot(one, other)
      if (correlation >= SAME_PART) pairs.push({ first, second, correlation })
    }
  return pairs
}

function dot(first: Float32Array, second: Float32Array): number {
  let sum = 0
  for (let index = 0; index < first.length; index++) sum += (first[index] ?? 0) * (second[index] ?? 0)
  return sum
}

/** Union-find parents. */
function chain(count: number, pairs: readonly Pair[], level: number): number[] {
  const parents = Array.from({ length: count }, (_, index) => index)
  for (const { first, second, correlation } of pairs) if (correlation >= level) parents[rootOf(parents, first)] = rootOf(parents, second)
  return parents
}

function rootOf(parents: number[], index: number): number {
  let root = index
  for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) root = parent
  return root
}

function largestGroup(parents: number[]): number {
  const sizes = new Map<number, number>()
  for (const index of parents.keys()) sizes.set(rootOf(parents, index), (sizes.get(rootOf(parents, index)) ?? 0) + 1)
  return Math.max(0, ...sizes.values())
}

function joinKeys(parents: number[], pictures: readonly ComparedPicture[]): number[] {
  const bearer = new Map<string, number>()
  for (const [index, { keys }] of pictures.entries())
    for (const key of keys) {
      const known = bearer.get(key)
      if (known === undefined) bearer.set(key, index)
      else parents[rootOf(parents, index)] = rootOf(parents, known)
    }
  return parents
}

function numbered(parents: number[]): PartGroups {
  const numbers = new Map<number, number>()
  const groupOf = parents.map((_, index) => {
    const root = rootOf(parents, index)
    const number = numbers.get(root) ?? numbers.size
    numbers.set(root, number)
    return number
  })
  return { groupOf, groups: numbers.size }
}
