import type { AlgorithmPlugin } from '../contracts/algorithm.ts'

/** The categories whose samples an experiment sees: its own, and the others where the algorithm needs them or the experiment is over the whole dataset. */
export function wantedCategories(
  known: readonly string[],
  category: string | null,
  { needs }: Pick<AlgorithmPlugin, 'needs'>,
): readonly string[] {
  return category === null || needs.otherCategories === true ? known : [category]
}
