import { baseSplit, type ParadigmRequest, type Protocol, type SampleFacts, type TrainingItem } from '@im-iad/core'
import { nothingNormal, nothingToTest } from './errors.ts'
import type { UnsupervisedParameters } from './parameters.ts'

/**
 * One step: fit on normal images, test on the others. A published split is kept (its validation images are neither trained on nor tested);
 * without one, normal images are drawn by physical part. Auxiliary samples are the other categories' normal images that are not published for testing.
 */
export function planUnsupervised(request: ParadigmRequest<UnsupervisedParameters>): Protocol {
  const { samples, category, parameters, random } = request
  const task = category ?? 'all'
  const own = samples.filter((sample) => category === null || sample.category === category)
  const drawn = baseSplit(own, parameters, random)
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

function trainingItem({ id, label }: SampleFacts): TrainingItem {
  return { id, label, mask: false }
}
