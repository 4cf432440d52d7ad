/** Finds keys among the sorted ones of the positives. */
export interface ScoreIndex {
  /** Falling, each once. */
  readonly distinct: Int32Array
  /** The first and the last of them; without any, so that no key is between them. */
  readonly highest: number
  readonly lowest: number
  /** The first place whose key is not above `key`; `distinct.length` when all are. */
  readonly find: (key: number) => number
}

/** At most 2^20 bins: their table of 4 MB stays in a processor's cache. */
const BIN_BITS = 20

/** A table over equal ranges of keys says where in `distinct` each range starts, so that a look-up searches a handful of keys. */
export function createScoreIndex(distinct: Int32Array): ScoreIndex {
  const { length } = distinct
  if (length === 0) return { distinct, highest: -Infinity, lowest: Infinity, find: () => 0 }
  const highest = distinct[0]
  const lowest = distinct[length - 1]
  const shift = Math.max(0, Math.ceil(Math.log2(highest - lowest + 1)) - BIN_BITS)
  const width = 2 ** shift
  const bins = Math.floor((highest - lowest) / width) + 1
  const starts = new Int32Array(bins + 1)
  for (let place = 0; place < length; place++) starts[Math.floor((highest - distinct[place]) / width) + 1]++
  for (let bin = 0; bin < bins; bin++) starts[bin + 1] += starts[bin]
  const find = (key: number): number => {
    if (key >= highest) return 0
    if (key < lowest) return length
    // The difference of two signed 32-bit keys, taken as unsigned, never overflows.
    const bin = ((highest - key) >>> 0) >>> shift
    let low = starts[bin]
    let high = starts[bin + 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (distinct[middle] > key) low = middle + 1
      else high = middle
    }
    return low
  }
  return { distinct, highest, lowest, find }
}
