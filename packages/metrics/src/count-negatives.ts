import type { Ranking } from './ranking.ts'
import type { ScoreIndex } from './score-index.ts'

/** Keys that are looked up together: 2^22, 16 MB. */
const BLOCK = 1 << 22

/** Coarse ranges of the score index that a block is ordered by. */
const RANGES = 2048

/** Collects the keys of negatives and looks them up, many at a time. */
export interface NegativeCounter {
  add(key: number): void
  /** Looks up what is left. */
  finish(): void
}

/**
 * Counts negatives into a ranking. A hundred million look-ups all over an index of millions of scores would wait for memory most of the time; a block of
 * keys is therefore first ordered by coarse ranges, so that neighbours in time are neighbours in memory.
 * @param expected - at most so many keys will be added
 */
export function createNegativeCounter(index: ScoreIndex, ranking: Ranking, expected: number): NegativeCounter {
  const size = Math.min(BLOCK, Math.max(1, expected))
  const block = new Int32Array(size)
  const ordered = new Int32Array(size)
  const ends = new Int32Array(RANGES)
  let filled = 0
  const flush = (): void => {
    orderByRange(block.subarray(0, filled), ordered, ends, index)
    countOrdered(ordered.subarray(0, filled), index, ranking)
    filled = 0
  }
  return {
    add(key) {
      if (key < index.lowest) return
      block[filled++] = key
      if (filled === size) flush()
    },
    finish: flush,
  }
}

/** A counting sort by range; within a range the order is left as it is. */
function orderByRange(keys: Int32Array, ordered: Int32Array, ends: Int32Array, { highest, lowest }: ScoreIndex): void {
  const shift = Math.max(0, Math.ceil(Math.log2((highest - lowest + 1) / RANGES)))
  ends.fill(0)
  for (let place = 0; place < keys.length; place++) ends[rangeOf(keys[place], highest, shift)]++
  let start = 0
  for (let range = 0; range < RANGES; range++) {
    const count = ends[range]
    ends[range] = start
    start += count
  }
  for (let place = 0; place < keys.length; place++) ordered[ends[rangeOf(keys[place], highest, shift)]++] = keys[place]
}

function rangeOf(key: number, highest: number, shift: number): number {
  return key >= highest ? 0 : ((highest - key) >>> 0) >>> shift
}

function countOrdered(keys: Int32Array, { distinct, find }: ScoreIndex, { negativesAt, negativesAbove }: Ranking): void {
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place]
    const found = find(key)
    if (distinct[found] === key) negativesAt[found]++
    else negativesAbove[found]++
  }
}
