import type { ImageSource } from '@im-iad/core'
import type { CategorySamples } from './subjects/dataset-subject.ts'

/** A line per sample that holds everything but the readers, in the order of the dataset. */
export function comparableSamples(all: readonly CategorySamples[]): readonly string[] {
  return all.flatMap(({ category, samples }) =>
    samples.map(({ image, masks, ...described }) =>
      JSON.stringify([
        category,
        described,
        comparableSource(image),
        masks.map((mask) => [comparableSource(mask.image), mask.saturationArea]),
      ]),
    ),
  )
}

function comparableSource(source: ImageSource): readonly string[] {
  switch (source.kind) {
    case 'file':
      return [source.kind, source.path]
    case 'encoded':
      return [source.kind, source.name]
    case 'pixels':
      return [source.kind, source.name, source.fingerprint]
  }
}
