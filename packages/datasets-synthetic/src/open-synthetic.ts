import { ImIadError, nearest, type OpenDataset } from '@im-iad/core'
import { CATEGORIES } from './categories.ts'
import { listSamples } from './list-samples.ts'
import type { SyntheticParameters } from './parameters.ts'

export function openSynthetic(parameters: SyntheticParameters): OpenDataset {
  const categories = CATEGORIES.map((category) => category.name)
  return {
    categories,
    warnings: [],
    samples(name) {
      const category = CATEGORIES.find((candidate) => candidate.name === name)
      if (category !== undefined) return Promise.resolve(listSamples(category, parameters))
      const similar = nearest(name, categories)
      return Promise.reject(
        new ImIadError({
          code: 'IM_IAD_E_CATEGORY',
          what: `dataset "synthetic" has no category "${name}"`,
          problem: `its categories are ${categories.join(', ')}`,
          fix: similar === undefined ? 'name one of them' : `did you mean "${similar}"?`,
        }),
      )
    },
  }
}
