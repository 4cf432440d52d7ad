import type { SampleFacts } from '../contracts/paradigm.ts'
import type { RandomSource } from '../contracts/random.ts'
import { drawTraining } from './draw-training.ts'
import { partKeys } from './parts.ts'

/** How normal samples are drawn where the publisher gives no split. */
export interface BaseSplitOptions {
  /** Whole physical parts, or single images (which leaks where a part has several). */
  readonly split: 'group' | 'image'
  /** Share of the normal samples to train on, in (0, 1). */
  readonly trainFraction: number
}

/** Who is trained on and who is tested, in the order of the samples. */
export interface BaseSplit {
  /** Normal samples only. May be empty: what that means is the paradigm's to say. */
  readonly train: readonly SampleFacts[]
  readonly test: readonly SampleFacts[]
  /** See {@link Protocol.leaky}. */
  readonly leaky: string | null
  /** See {@link Protocol.notes}. */
  readonly notes: readonly string[]
}

/**
 * What most paradigms start from: normal samples to train on, all others to test. A published split is kept (its validation images are neither trained on nor tested, and a
 * training image whose picture or part is tested is left out); without one, normal samples are drawn by physical part, from the stream `split`.
 * @param samples - of one category
 */
export function baseSplit(samples: readonly SampleFacts[], options: BaseSplitOptions, random: RandomSource): BaseSplit {
  const published = samples.some((sample) => sample.split !== null)
  return published ? publishedSplit(samples) : drawTraining(samples, options, random.stream('split'))
}

/** As published, but a training image whose picture or physical part is tested as well is left out, and said so. */
function publishedSplit(samples: readonly SampleFacts[]): BaseSplit {
  const test = samples.filter((sample) => sample.split === 'test')
  const tested = new Set(test.flatMap(partKeys))
  const published = samples.filter((sample) => sample.split === 'train' && sample.label === 'normal')
  const train = published.filter((sample) => partKeys(sample).every((key) => !tested.has(key)))
  const left = published.length - train.length
  return {
    train,
    test,
    leaky: null,
    notes: left === 0 ? [] : [`${left} of ${published.length} published training images are left out: the same picture or part is tested`],
  }
}
