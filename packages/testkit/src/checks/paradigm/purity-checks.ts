import { isDeepStrictEqual } from 'node:util'
import { createRandomSource, isImIadError, type ParadigmRequest, type Protocol } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { deepFreeze } from '../../deep-freeze.ts'
import { factSets, requestsFor } from '../../fixtures/sample-facts.ts'
import type { ParadigmSubject } from '../../subjects/paradigm-subject.ts'
import { plannedProtocols } from './planned-protocols.ts'

/** What a protocol depends on, and what it must not depend on. */
export const purityChecks: readonly Check<ParadigmSubject>[] = [
  defineCheck({
    id: 'same-request-same-protocol',
    why: 'The plan and every experiment make the protocol anew, in processes of their own: all must come to the same.',
    fix: 'draw from request.random only; use no clock, no file, no other random numbers, and keep nothing between calls',
    requires: ['plans'],
    run(subject) {
      const [first, second] = [plannedProtocols(subject), plannedProtocols(subject)]
      const differing = first.find((planned, index) => !isDeepStrictEqual(planned.protocol, second[index]?.protocol))
      if (differing !== undefined) violates(`${differing.name}: planned twice, it gives two protocols`)
    },
  }),
  defineCheck({
    id: 'uses-no-clock-and-no-dice',
    why: 'A protocol that depends on the time or on Math.random cannot be made again.',
    fix: 'draw from request.random.stream("…")',
    requires: ['plans'],
    run(subject) {
      const used = watchHiddenInputs(() => void plannedProtocols(subject))
      if (used.length > 0) violates(`plan calls ${used.join(', ')}`)
    },
  }),
  defineCheck({
    id: 'draws-from-streams',
    why: 'Named streams keep one draw from changing another; a generator seeded by hand does not.',
    fix: 'draw from request.random.stream("…"), and leave request.random.seed alone',
    requires: ['same-request-same-protocol'],
    run({ plugin, parameters }) {
      for (const set of factSets)
        for (const request of requestsFor(plugin, set, parameters())) {
          const random = { ...createRandomSource(0, 'paradigm'), seed: 12_345 }
          const [plain, disguised] = [planOrNull(plugin.plan, request), planOrNull(plugin.plan, { ...request, random })]
          if (!isDeepStrictEqual(plain, disguised)) violates(`${set.name}: the protocol depends on the seed itself, not on its streams`)
        }
    },
  }),
  defineCheck({
    id: 'another-seed-keeps-the-tasks',
    why: 'Runs with several seeds are averaged task by task; the seed decides who is drawn, not what is asked.',
    fix: 'name tasks after categories or steps; draw samples, and at most the order of the tasks',
    requires: ['same-request-same-protocol'],
    run({ plugin, parameters }) {
      for (const set of factSets) {
        const bySeed = [0, 1, 2].map((seed) => requestsFor(plugin, set, parameters(), seed).map((request) => tasksOf(plugin.plan, request)))
        const [first = [], ...others] = bySeed
        for (const other of others)
          // A draw may come to a refusal; that says nothing about tasks.
          if (first.some((tasks, place) => tasks !== null && other[place] !== null && tasks !== other[place]))
            violates(`${set.name}: other seeds give other tasks`)
      }
    },
  }),
  defineCheck({
    id: 'leaves-the-request-alone',
    why: 'The same samples are handed to every experiment.',
    fix: 'copy lists before sorting or splicing them (toSorted, slice)',
    requires: ['plans'],
    run({ plugin, parameters }) {
      for (const set of factSets)
        for (const request of requestsFor(plugin, deepFreeze(structuredClone(set)), deepFreeze(structuredClone(parameters())))) {
          const { random, ...data } = request
          const before = JSON.stringify(data)
          try {
            plugin.plan(Object.freeze({ ...data, random }))
          } catch (error) {
            if (!isImIadError(error)) violates(`${set.name}: with a frozen request it throws ${describeThrown(error)}`)
          }
          if (JSON.stringify(data) !== before) violates(`${set.name}: it changes the request`)
        }
    },
  }),
  defineCheck({
    id: 'other-categories-do-not-matter',
    why: 'Other categories are in the request only when the algorithm needs them: the same category must be split the same way for all algorithms.',
    fix: 'draw from the samples of request.category before looking at others',
    requires: ['same-request-same-protocol'],
    skip: ({ plugin }) => (plugin.scope === 'dataset' ? 'its scope is the whole dataset' : null),
    run({ plugin, parameters }) {
      for (const set of factSets)
        for (const request of requestsFor(plugin, set, parameters())) {
          const alone = request.samples.filter((sample) => sample.category === request.category)
          const [among, single] = [planOrNull(plugin.plan, request), planOrNull(plugin.plan, { ...request, samples: alone })]
          if (!isDeepStrictEqual(withoutAuxiliary(among), withoutAuxiliary(single)))
            violates(`${set.name}: category "${request.category}" is split differently when other categories are there`)
        }
    },
  }),
  defineCheck({
    id: 'is-plain-data',
    why: 'The protocol is written to split.json and hashed.',
    fix: 'return plain objects, lists, text, booleans and null; no undefined, no class instances',
    requires: ['plans'],
    run(subject) {
      for (const { name, protocol } of plannedProtocols(subject))
        if (!isDeepStrictEqual(JSON.parse(JSON.stringify(protocol)), protocol)) violates(`${name}: JSON does not hold the protocol`)
    },
  }),
]

/** The protocol, or `null` where it is refused. */
function planOrNull(plan: ParadigmSubject['plugin']['plan'], request: ParadigmRequest<object>): Protocol | null {
  try {
    return plan(request)
  } catch {
    return null
  }
}

/** The tasks that are trained and tested, in any order; `null` where the request is refused. */
function tasksOf(plan: ParadigmSubject['plugin']['plan'], request: ParadigmRequest<object>): string | null {
  const protocol = planOrNull(plan, request)
  if (protocol === null) return null
  const tasks = protocol.steps.flatMap(({ task, evaluate }) => [task, ...evaluate.map((test) => test.task)])
  return JSON.stringify(tasks.toSorted())
}

function withoutAuxiliary(protocol: Protocol | null): unknown {
  return protocol === null ? null : { ...protocol, steps: protocol.steps.map((step) => ({ ...step, auxiliary: [] })) }
}

/** Which of the functions that give something else on every call are called meanwhile. Planning is synchronous, so nobody else is. */
function watchHiddenInputs(work: () => void): readonly string[] {
  const used = new Set<string>()
  const restore = [
    spy(Math, 'random', () => used.add('Math.random')),
    spy(Date, 'now', () => used.add('Date.now')),
    spy(performance, 'now', () => used.add('performance.now')),
    spy(process, 'hrtime', () => used.add('process.hrtime')),
  ]
  try {
    work()
  } finally {
    for (const undo of restore) undo()
  }
  return [...used]
}

/** Replaces a method by one that tells of its calls; returns how to undo it. */
function spy(owner: object, name: string, onCall: () => void): () => void {
  const original: unknown = Reflect.get(owner, name)
  if (typeof original !== 'function') return () => undefined
  const own = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    value: (...given: readonly unknown[]): unknown => {
      onCall()
      return Reflect.apply(original, owner, given)
    },
  })
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, own)
  }
}
