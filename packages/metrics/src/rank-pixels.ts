import type { EvaluatedMap } from '@im-iad/core'
import { connectedRegions } from '@im-iad/linalg'
import { createNegativeCounter } from './count-negatives.ts'
import { emptyRanking, type Ranking } from './ranking.ts'
import { createScoreIndex, type ScoreIndex } from './score-index.ts'
import { sortableKeys, scoreOfKey } from './sortable-keys.ts'

/** What ranks all pixels of an evaluation, and over how many regions weights were spread. */
export interface PixelRanking extends Ranking {
  /** 8-connected regions of all masks: the sum of all weights. */
  readonly regions: number
}

/**
 * Ranks every pixel of every map: exact, no thresholds are sampled. Positives, usually a few percent, are sorted; each negative is then only
 * looked up among them. Needs 24 bytes per distinct score of a positive besides the maps.
 */
export function rankPixels(items: readonly EvaluatedMap[]): PixelRanking {
  const distinct = distinctPositives(items)
  const total = items.reduce((sum, item) => sum + item.map.length, 0)
  const ranking = emptyRanking(Float32Array.from(distinct, scoreOfKey), { positives: 0, negatives: 0 })
  const index = createScoreIndex(distinct)
  const negatives = createNegativeCounter(index, ranking, total)
  let positives = 0
  let regions = 0
  for (const item of items) {
    const keys = sortableKeys(item.map)
    const marked = countMarked(item.mask)
    positives += marked
    if (marked > 0) regions += addPositives(item, keys, index, ranking)
    for (let pixel = 0; pixel < keys.length; pixel++) if (item.mask[pixel] === 0) negatives.add(keys[pixel])
  }
  negatives.finish()
  return { ...ranking, positives, negatives: total - positives, regions }
}

/** The keys of all positives' scores, falling, each once. */
function distinctPositives(items: readonly EvaluatedMap[]): Int32Array {
  const counts = items.map((item) => countMarked(item.mask))
  const all = new Int32Array(counts.reduce((sum, count) => sum + count, 0))
  let filled = 0
  for (const [index, { map, mask }] of items.entries()) {
    if (counts[index] === 0) continue
    const keys = sortableKeys(map)
    for (let pixel = 0; pixel < mask.length; pixel++) if (mask[pixel] === 1) all[filled++] = keys[pixel]
  }
  all.sort()
  let count = 0
  for (let place = 0; place < all.length; place++) if (place === 0 || all[place] !== all[place - 1]) all[count++] = all[place]
  return all.slice(0, count).reverse()
}

function countMarked(mask: Uint8Array): number {
  let count = 0
  for (let pixel = 0; pixel < mask.length; pixel++) count += mask[pixel]
  return count
}

/** Returns the number of the item's regions. */
function addPositives({ width, height, mask }: EvaluatedMap, keys: Int32Array, index: ScoreIndex, ranking: Ranking): number {
  const { labels, areas } = connectedRegions(mask, width, height)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (labels[pixel] === 0) continue
    const place = index.find(keys[pixel])
    ranking.positivesAt[place]++
    ranking.weightAt[place] += 1 / areas[labels[pixel] - 1]
  }
  return areas.length
}
