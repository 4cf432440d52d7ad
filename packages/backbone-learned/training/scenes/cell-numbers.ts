/** A number in [0, 1) for a cell of a lattice and what it is for: integer hashing (the finaliser of MurmurHash3). */
export function cellNumber(seed: number, column: number, row: number, which: number): number {
  let hash = Math.imul(column, 0x1b873593) ^ Math.imul(row, 0x2545f491) ^ Math.imul(seed + which * 7919, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}

/** From 0 to 1 while `value` goes from `low` to `high`, smoothly. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
