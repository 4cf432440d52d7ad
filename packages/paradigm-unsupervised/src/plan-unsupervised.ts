import type { ParadigmRequest, Protocol, SampleFacts, TrainingItem } from '@im-iad/core'
import { nothingNormal, nothingToTest } from './errors.ts'
import { drawTraining } from './draw-training.ts'
import type { UnsupervisedParameters } from './parameters.ts'

/**
 * One step: fit on normal images, test on the others. A published split is kept (its validation images are neither trained on nor tested);
 * without one, normal images are drawn by physical part. Auxiliary samples are the other categories' normal images that are not published for testing.
 */
export function planUnsupervised(request: ParadigmRequest<UnsupervisedParameters>): Protocol {
  const { samples, category, parameters, random } = request
  const task = category ?? 'all'
  const own = samples.filter((sample) => category === null || sample.category === category)
  const published = own.some((sample) => sample.split !== null)
  const drawn = published ? publishedSplit(own) : drawTraining(own, parameters, random.stream('split'))
  if (drawn.train.length === 0) throw nothingNormal(task, own.length)
  if (drawn.test.length === 0) throw nothingToTest(task, own.length)
  const anomalous = drawn.test.filter((sample) => sample.label === 'anomalous').length
  const one = anomalous === drawn.test.length ? 'no normal image is tested' : anomalous === 0 ? 'no anomalous image is tested' : null
  return {
    steps: [
      {
        task,
        train: drawn.train.map(trainingItem),
        auxiliary: samples
          .filter((sample) => category !== null && sample.category !== category && sample.label === 'normal' && sample.split !== 'test')
          .map(trainingItem),
        evaluate: [{ task, ids: drawn.test.map((sample) => sample.id) }],
      },
    ],
    leaky: drawn.leaky,
    notes: [...drawn.notes, ...(one === null ? [] : [one])],
  }
}

/** Who is trained on and who is tested. */
export interface Split {
  readonly train: readonly SampleFacts[]
  readonly test: readonly SampleFacts[]
  readonly leaky: string | null
  readonly notes: readonly string[]
}

/** As published, but a training image whose picture or physical part is tested as well is left out, and said so. */
function publishedSplit(samples: readonly SampleFacts[]): Split {
  const test = samples.filter((sample) => sample.split === 'test')
  const pictures = new Set(test.map((sample) => sample.sha256))
  const parts = new Set(test.flatMap((sample) => sample.group ?? []))
  const published = samples.filter((sample) => sample.split === 'train' && sample.label === 'normal')
  const train = published.filter((sample) => !pictures.has(sample.sha256) && (sample.group === undefined || !parts.has(sample.group)))
  const left = published.length - train.length
  return {
    train,
    test,
    leaky: null,
    notes: left === 0 ? [] : [`${left} of ${published.length} published training images are left out: the same picture or part is tested`],
  }
}

function trainingItem({ id, label }: SampleFacts): TrainingItem {
  return { id, label, mask: false }
}
