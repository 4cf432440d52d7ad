/** Named, independent sources of random numbers, all derived from one experiment's seed. */
export interface RandomSource {
  readonly seed: number
  /** A new stream that starts at the beginning each time it is asked for; the same seed and name always give the same numbers. */
  stream(name: string): RandomStream
}

/** One stream of pseudo-random numbers. Equal on every machine. */
export interface RandomStream {
  /** A float in [0, 1) with 53 random bits. */
  uniform(): number
  /** An integer in [0, below), without modulo bias. `below` is at least 1 and at most 2^31. */
  integer(below: number): number
  /** A draw from the standard normal distribution (Box–Muller). */
  normal(): number
  /** A shuffled copy (Fisher–Yates). */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** `count` of the integers [0, below), without replacement, in the order in which they were drawn. */
  sample(below: number, count: number): number[]
}
