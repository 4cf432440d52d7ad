import {
  baseSplit,
  groupByPart,
  partKeys,
  pictureKeys,
  type BaseSplit,
  type ParadigmRequest,
  type Protocol,
  type SampleFacts,
  type TrainingItem,
} from '@im-iad/core'
import { drawPooled, drawStratified, typeOf } from './draw-abnormal.ts'
import { nothingAbnormalLeft, nothingNormal, nothingNormalLeft, tooFewAbnormal } from './errors.ts'
import type { FullySupervisedParameters } from './parameters.ts'
import { drawPublished } from './published-draw.ts'

/**
 * One step: the split of the unsupervised paradigm, with `n` abnormal images moved from test to training. Whatever shows the same picture or the same physical part as a moved image
 * is not tested either.
 */
export function planFullySupervised(request: ParadigmRequest<FullySupervisedParameters>): Protocol {
  const { samples, category, parameters, random } = request
  const task = category ?? 'all'
  const own = samples.filter((sample) => category === null || sample.category === category)
  const base = baseSplit(own, parameters, random)
  if (base.train.length === 0) throw nothingNormal(task, own.length)
  const moved = drawAbnormal(task, base.test, request)
  const test = withoutParts(base.test, moved)
  if (test.every((sample) => sample.label === 'normal')) throw nothingAbnormalLeft(task, moved.length)
  if (test.every((sample) => sample.label === 'anomalous') && base.test.some((sample) => sample.label === 'normal'))
    throw nothingNormalLeft(task)
  return {
    steps: [
      {
        task,
        train: inOrder(own, [...base.train, ...moved]).map(trainingItem),
        auxiliary: samples
          .filter((sample) => category !== null && sample.category !== category && sample.label === 'normal' && sample.split !== 'test')
          .map(trainingItem),
        evaluate: [{ task, ids: test.map((sample) => sample.id) }],
      },
    ],
    leaky: base.leaky,
    notes: [...base.notes, ...notesOn(base, moved, test)],
  }
}

function drawAbnormal(
  task: string,
  test: readonly SampleFacts[],
  { parameters: { n, draw }, random }: ParadigmRequest<FullySupervisedParameters>,
): readonly SampleFacts[] {
  const candidates = withoutCopies(test.filter((sample) => sample.label === 'anomalous'))
  if (draw === 'published') return drawPublished(task, candidates, n)
  if (candidates.length < n) throw tooFewAbnormal(task, n, candidates.length)
  return draw === 'pooled' ? drawPooled(candidates, n, random) : drawStratified(candidates, n, random)
}

/** The same picture under two names is one to draw. */
function withoutCopies(samples: readonly SampleFacts[]): readonly SampleFacts[] {
  const pictures = new Set<string>()
  return samples.filter((sample) => {
    const keys = pictureKeys(sample)
    const isNew = keys.every((key) => !pictures.has(key))
    for (const key of keys) pictures.add(key)
    return isNew
  })
}

/** Parts hang together by pictures and groups: a part is left out as a whole. */
function withoutParts(test: readonly SampleFacts[], moved: readonly SampleFacts[]): readonly SampleFacts[] {
  const taken = new Set(moved.flatMap(partKeys))
  const left = new Set(
    groupByPart(test)
      .filter((part) => !part.some((sample) => partKeys(sample).some((key) => taken.has(key))))
      .flat(),
  )
  return test.filter((sample) => left.has(sample))
}

function inOrder(own: readonly SampleFacts[], chosen: readonly SampleFacts[]): readonly SampleFacts[] {
  const ids = new Set(chosen.map((sample) => sample.id))
  return own.filter((sample) => ids.has(sample.id))
}

/** How many of which type were moved, what went with them, and what can no longer be measured. */
function notesOn(base: BaseSplit, moved: readonly SampleFacts[], test: readonly SampleFacts[]): readonly string[] {
  const abnormal = base.test.filter((sample) => sample.label === 'anomalous')
  const types = [...new Set(moved.map(typeOf))].toSorted()
  const counts = types.map((type) => `${type} ${moved.filter((sample) => typeOf(sample) === type).length}`)
  const others = base.test.length - moved.length - test.length
  const untested = types.filter((type) => !test.some((sample) => sample.label === 'anomalous' && typeOf(sample) === type))
  return [
    `${moved.length} of ${abnormal.length} abnormal images are trained on: ${counts.join(', ')}`,
    ...(others === 0 ? [] : [`${others} more are not tested: they show the same pictures or parts as these`]),
    ...(untested.length === 0 ? [] : [`no image of ${untested.join(', ')} is left to test`]),
    ...(test.every((sample) => sample.label === 'anomalous') ? ['no normal image is tested'] : []),
  ]
}

function trainingItem({ id, label, hasMask }: SampleFacts): TrainingItem {
  return { id, label, mask: label === 'normal' || hasMask }
}
