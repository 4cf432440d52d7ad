import { groupByPart, ImIadError, type ParadigmRequest, type Protocol, type SampleFacts, type TrainingItem } from '@im-iad/core'
import type { PluginParameters } from './parameters.ts'

/**
 * One step: train on a drawn share of the parts that show no defect, test on everything else.
 * @throws ImIadError IM_IAD_E_PROTOCOL when nothing is left to train on or to test
 */
export function planProtocol({ parameters, category, samples, random }: ParadigmRequest<PluginParameters>): Protocol {
  const task = category ?? 'all'
  const own = samples.filter((sample) => category === null || sample.category === category)
  // Pictures of one physical part, the same picture under several names, and re-encoded copies stand on one side.
  const parts = groupByPart(own).filter((part) => part.every((sample) => sample.label === 'normal'))
  const wanted = Math.max(1, Math.round(parts.length * parameters.share))
  const drawn = new Set(random.stream('split').shuffle(parts).slice(0, wanted).flat())
  const train = own.filter((sample) => drawn.has(sample))
  const test = own.filter((sample) => !drawn.has(sample))
  if (train.length === 0 || test.length === 0) throw tooFew(task, own.length)
  const others = samples.filter((sample) => category !== null && sample.category !== category && sample.label === 'normal')
  return {
    steps: [
      { task, train: train.map(toTrain), auxiliary: others.map(toTrain), evaluate: [{ task, ids: test.map((sample) => sample.id) }] },
    ],
    leaky: null,
    notes: [],
  }
}

function toTrain({ id, label }: SampleFacts): TrainingItem {
  return { id, label, mask: false }
}

function tooFew(task: string, count: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PROTOCOL',
    what: `"${task}" can't be split`,
    problem: `its ${count} pictures leave nothing to train on or nothing to test`,
    fix: 'add pictures of normal parts, or change __id__.share',
  })
}
