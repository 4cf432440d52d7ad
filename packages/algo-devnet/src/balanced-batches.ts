import type { RandomSource } from '@im-iad/core'

/** Which training pictures are of which kind, by their places. */
export interface LabelledIndices {
  readonly normal: readonly number[]
  readonly abnormal: readonly number[]
}

/**
 * The pictures of a step's batch, half of them normal and half abnormal, normal ones first. Each kind is gone through in ever new permutations, one after the other over all steps and epochs. A function of
 * the step alone, so that a resumed training gets the same.
 * @param name - of the random streams
 */
export function balancedBatch(
  step: number,
  batchSize: number,
  { normal, abnormal }: LabelledIndices,
  random: RandomSource,
  name: string,
): readonly number[] {
  const half = batchSize / 2
  return [
    ...stretch(normal, step * half, half, (round) => random.stream(`normal ${round} of ${name}`).shuffle(normal)),
    ...stretch(abnormal, step * half, half, (round) => random.stream(`abnormal ${round} of ${name}`).shuffle(abnormal)),
  ]
}

/** So many items from a place on in an endless sequence of permutations. */
function stretch(
  items: readonly number[],
  start: number,
  count: number,
  permutation: (round: number) => readonly number[],
): readonly number[] {
  const rounds = new Map<number, readonly number[]>()
  return Array.from({ length: count }, (_, offset) => {
    const [round, place] = [Math.floor((start + offset) / items.length), (start + offset) % items.length]
    const order = rounds.get(round) ?? permutation(round)
    rounds.set(round, order)
    return order[place]
  })
}
