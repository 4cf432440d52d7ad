import { nearest } from '@im-iad/errors'
import type { OpenDataset } from '../contracts/dataset.ts'
import type { Sample } from '../contracts/sample.ts'
import { unknownCategory } from '../errors/dataset-errors.ts'

/**
 * An open dataset whose samples are all known: what a layout that was read by its names comes to.
 * @param dataset - the plugin's id, for messages
 * @param samples - of all categories, in any order; categories come out alphabetical
 */
export function datasetOfSamples(dataset: string, samples: readonly Sample[], warnings: readonly string[]): OpenDataset {
  const byCategory = new Map<string, Sample[]>()
  for (const sample of samples.toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
    const known = byCategory.get(sample.category)
    if (known === undefined) byCategory.set(sample.category, [sample])
    else known.push(sample)
  }
  const categories = [...byCategory.keys()].sort()
  return {
    categories,
    warnings,
    samples: async (category) => {
      const found = byCategory.get(category)
      if (found === undefined) throw unknownCategory(dataset, category, nearest(category, categories), categories)
      return found
    },
  }
}
