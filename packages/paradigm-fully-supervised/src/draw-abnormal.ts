import type { RandomSource, SampleFacts } from '@im-iad/core'

/** The name that images whose defect nobody names are drawn under. */
const UNNAMED = 'anomalous'

/** The defect type that an abnormal image counts as. */
export function typeOf({ defect }: SampleFacts): string {
  return defect ?? UNNAMED
}

/**
 * The first `n` in a random order over all types. A smaller `n` gives a part of what a larger one gives.
 * @param candidates - sorted by id
 */
export function drawPooled(candidates: readonly SampleFacts[], n: number, random: RandomSource): readonly SampleFacts[] {
  return random.stream('abnormal').shuffle(candidates).slice(0, n)
}

/**
 * One image of each type after the other, in a random order of types and of images within a type, until there are `n`; a type that has no more is passed over. A smaller `n` gives
 * a part of what a larger one gives, and each type draws from a stream of its own.
 * @param candidates - sorted by id
 */
export function drawStratified(candidates: readonly SampleFacts[], n: number, random: RandomSource): readonly SampleFacts[] {
  const types = random.stream('defect types').shuffle([...new Set(candidates.map(typeOf))].toSorted())
  const queues = types.map((type) =>
    random.stream(`abnormal ${type}`).shuffle(candidates.filter((candidate) => typeOf(candidate) === type)),
  )
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  return Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue.slice(turn, turn + 1)))
    .flat()
    .slice(0, n)
}
