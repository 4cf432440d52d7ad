import type { RandomStream } from '@im-iad/core'

/** A number in [low, high). */
export function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.uniform()
}

/** A number in [low, high), as often between 1 and 2 as between 2 and 4: for scales. */
export function scaleBetween(random: RandomStream, low: number, high: number): number {
  return low * (high / low) ** random.uniform()
}

export function choose<Item>(random: RandomStream, items: readonly Item[]): Item {
  const item = items[random.integer(items.length)]
  if (item === undefined) throw new RangeError('there is nothing to choose from')
  return item
}

export function chance(random: RandomStream, probability: number): boolean {
  return random.uniform() < probability
}

/**
 * Uniform numbers in [0, 1) for every pixel: Marsaglia's xorshift with 32 bits (Journal of Statistical Software, 2003), many times as fast as a stream.
 * @param seed - any integer
 */
export function pixelNoise(random: RandomStream): () => number {
  let state = random.integer(2 ** 31) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4294967296
  }
}
