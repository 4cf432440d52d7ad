import type { Protocol, SampleFacts } from '@im-iad/core'
import { defineCheck, violates, type Check } from '../../check.ts'
import { copiedFactSets, scarceFactSets } from '../../fixtures/sample-facts.ts'
import { parameterValues } from '../../parameter-values.ts'
import type { ParadigmSubject } from '../../subjects/paradigm-subject.ts'
import { plannedProtocols, testedIds, trainedIds, type PlannedProtocol } from './planned-protocols.ts'

/** What a protocol must be. */
export const protocolChecks: readonly Check<ParadigmSubject>[] = [
  defineCheck({
    id: 'plans',
    why: 'This is what a paradigm is for: a protocol for a published split, and for a dataset that publishes none.',
    fix: 'make plan return a protocol with at least one step for ordinary datasets at the default parameters',
    run(subject) {
      const planned = plannedProtocols(subject)
      if (planned.length === 0) violates('it refuses every dataset that it is tried with')
      for (const { name, protocol } of planned) {
        if (!Array.isArray(protocol.steps) || protocol.steps.length === 0) violates(`${name}: it has no steps`)
        if (!Array.isArray(protocol.notes) || protocol.notes.some((note) => typeof note !== 'string'))
          violates(`${name}: "notes" are not sentences`)
      }
    },
  }),
  defineCheck({
    id: 'trains-on-something',
    why: 'An algorithm cannot be fitted on nothing; the runner refuses such a step.',
    fix: 'give every step training samples, or throw an ImIadError that says what is there',
    requires: ['plans'],
    run(subject) {
      for (const { name, protocol } of plannedProtocols(subject))
        for (const { task, train } of protocol.steps) if (train.length === 0) violates(`${name}: task "${task}" trains on nothing`)
    },
  }),
  defineCheck({
    id: 'tests-something',
    why: 'A protocol without a test gives a record without numbers.',
    fix: 'give every test set samples and at least one step a test set, or throw an ImIadError that says what is there',
    requires: ['plans'],
    run(subject) {
      for (const { name, protocol } of plannedProtocols(subject)) {
        if (protocol.steps.every((step) => step.evaluate.length === 0)) violates(`${name}: nothing is tested`)
        for (const { task, ids } of protocol.steps.flatMap((step) => step.evaluate)) {
          if (ids.length === 0) violates(`${name}: the test set of task "${task}" is empty`)
          if (new Set(ids).size < ids.length) violates(`${name}: the test set of task "${task}" names a sample twice`)
        }
      }
    },
  }),
  defineCheck({
    id: 'names-samples-that-exist',
    why: 'An id that the dataset does not have fails the experiment.',
    fix: "use the ids of the request's samples",
    requires: ['plans'],
    run(subject) {
      for (const { name, protocol, request } of plannedProtocols(subject)) {
        const known = new Set(request.samples.map((sample) => sample.id))
        const named = [
          ...trainedIds(protocol),
          ...testedIds(protocol),
          ...protocol.steps.flatMap((step) => step.auxiliary.map((item) => item.id)),
        ]
        const unknown = named.find((id) => !known.has(id))
        if (unknown !== undefined) violates(`${name}: it names "${unknown}", which does not exist`)
      }
    },
  }),
  defineCheck({
    id: 'keeps-to-its-scope',
    why: 'With scope "category" an experiment is about one category: others may only help as auxiliary samples.',
    fix: 'train and test on samples of the request\'s category, and put those of others into "auxiliary"',
    requires: ['plans'],
    skip: ({ plugin }) => (plugin.scope === 'dataset' ? 'its scope is the whole dataset' : null),
    run(subject) {
      for (const { name, protocol, request } of plannedProtocols(subject)) {
        const categoryOf = new Map(request.samples.map((sample) => [sample.id, sample.category]))
        const foreign = [...trainedIds(protocol), ...testedIds(protocol)].find(
          (id) => categoryOf.has(id) && categoryOf.get(id) !== request.category,
        )
        if (foreign !== undefined) violates(`${name}: it trains or tests on "${foreign}" of another category`)
        const own = protocol.steps.flatMap((step) => step.auxiliary).find(({ id }) => categoryOf.get(id) === request.category)
        if (own !== undefined) violates(`${name}: "${own.id}" is auxiliary and of the category itself`)
      }
    },
  }),
  defineCheck({
    id: 'does-not-leak',
    why: 'What is tested must not have been trained on: not the sample, not the same picture under another name, not the same physical part.',
    fix: 'draw whole groups and whole sets of equal pictures (sha256); a paradigm that shares parts on purpose says why in "leaky"',
    requires: ['plans'],
    run(subject) {
      for (const planned of plannedProtocols(subject)) {
        const leak = findLeak(planned)
        if (leak !== null) violates(`${planned.name}: ${leak}`)
      }
    },
  }),
  defineCheck({
    id: 'keeps-copies-on-one-side',
    why: 'A re-encoded or resized copy of a training picture is as good as the picture itself: the runner refuses to test it.',
    fix: 'treat samples with equal "copyOf" as one picture, as those with equal "sha256" (partKeys and baseSplit of core do)',
    requires: ['does-not-leak'],
    run(subject) {
      for (const planned of plannedProtocols(subject, copiedFactSets)) {
        if (planned.protocol.leaky !== null) continue
        const copyOf = new Map(planned.request.samples.map((sample) => [sample.id, sample.copyOf]))
        const trained = new Map(
          trainedIds(planned.protocol).flatMap((id) => (copyOf.get(id) === undefined ? [] : [[copyOf.get(id), id] as const])),
        )
        const copy = testedIds(planned.protocol).find((id) => copyOf.get(id) !== undefined && trained.has(copyOf.get(id)))
        if (copy !== undefined)
          violates(`${planned.name}: "${copy}" is tested, and "${trained.get(copyOf.get(copy))}" is trained on; one is a copy of the other`)
      }
    },
  }),
  defineCheck({
    id: 'is-sound-by-default',
    why: 'A split that shares physical parts is marked in every table: nobody should get one without asking.',
    fix: 'let "leaky" be null with the default parameters, and a sentence where parameters ask for such a split',
    requires: ['plans'],
    skip: ({ options }) => (Object.keys(options.parameters ?? {}).length === 0 ? null : 'it is checked with parameters of its own'),
    run(subject) {
      for (const { name, protocol } of plannedProtocols(subject))
        if (protocol.leaky !== null) violates(`${name}: "leaky" is ${JSON.stringify(protocol.leaky)}`)
    },
  }),
  defineCheck({
    id: 'labels-are-labels',
    why: 'The labels and masks of training items are what supervised algorithms are told.',
    fix: 'give every training item a label, normal or anomalous, and "mask" true only where there is one to show',
    requires: ['plans'],
    run(subject) {
      for (const { name, protocol, request } of plannedProtocols(subject)) {
        const facts = new Map(request.samples.map((sample) => [sample.id, sample]))
        for (const { id, label, mask } of protocol.steps.flatMap((step) => [...step.train, ...step.auxiliary])) {
          if (label !== 'normal' && label !== 'anomalous')
            violates(`${name}: "${id}" is trained on with the label ${JSON.stringify(label)}`)
          const known = facts.get(id)
          if (mask && known !== undefined && known.label === 'anomalous' && !known.hasMask)
            violates(`${name}: the mask of "${id}" may be shown and does not exist`)
        }
      }
    },
  }),
  defineCheck({
    id: 'too-few-samples-are-an-error',
    why: 'A dataset that does not allow the paradigm must be refused with a reason, not split into something empty.',
    fix: 'throw an ImIadError that says how many samples there are and how many are needed',
    run(subject) {
      for (const planned of plannedProtocols(subject, scarceFactSets)) {
        const { name, protocol, request } = planned
        if (request.samples.length === 0) violates(`${name}: it makes a protocol`)
        const steps = protocol.steps ?? []
        if (steps.length === 0 || steps.some(({ train }) => train.length === 0))
          violates(`${name}: it trains on nothing instead of refusing`)
        if (testedIds(protocol).length === 0) violates(`${name}: it tests nothing instead of refusing`)
      }
    },
  }),
  defineCheck({
    id: 'every-parameter-plans',
    why: 'What a parameter declares to accept must work.',
    fix: 'make each declared choice give a sound protocol or an ImIadError, or take it out of the schema',
    requires: ['plans', 'does-not-leak'],
    run(subject) {
      for (const change of parameterValues(subject.plugin.parameters)) {
        const named = JSON.stringify(change)
        if (!isAccepted(subject, change)) continue
        for (const planned of plannedProtocols(subject, undefined, change)) {
          const leak = findLeak(planned)
          if (leak !== null) violates(`with ${named}, ${planned.name}: ${leak}`)
        }
      }
    },
  }),
]

function isAccepted({ parameters }: ParadigmSubject, change: Readonly<Record<string, unknown>>): boolean {
  try {
    parameters(change)
    return true
  } catch {
    return false
  }
}

/** What stands on both sides, or `null`. A protocol that says why it is leaky may share parts and pictures, never samples. */
function findLeak({ protocol, request }: PlannedProtocol): string | null {
  if (protocol.leaky !== null && (typeof protocol.leaky !== 'string' || protocol.leaky === ''))
    return '"leaky" is neither null nor a sentence'
  const facts = new Map(request.samples.map((sample) => [sample.id, sample]))
  const keys = (id: string): readonly string[] => identities(id, facts.get(id), protocol)
  const trained = new Map(trainedIds(protocol).flatMap((id) => keys(id).map((key) => [key, id])))
  for (const id of testedIds(protocol)) {
    const shared = keys(id).find((key) => trained.has(key))
    if (shared !== undefined) return `"${id}" is tested, and "${trained.get(shared)}" is trained on (the same ${shared.split(' ', 1)[0]})`
  }
  return null
}

function identities(id: string, facts: SampleFacts | undefined, { leaky }: Protocol): readonly string[] {
  const own = `sample ${id}`
  if (facts === undefined || leaky !== null) return [own]
  return [own, `picture ${facts.sha256}`, ...(facts.group === undefined ? [] : [`part ${facts.category}/${facts.group}`])]
}
