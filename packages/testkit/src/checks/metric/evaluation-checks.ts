import { createEvaluation, type Evaluation, type EvaluationMetric, type MetricResult } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { deepFreeze } from '../../deep-freeze.ts'
import { evaluation, mapValues, pick, placesOf } from '../../fixtures/evaluations.ts'
import type { PluginSubject } from '../../subjects/plugin-subject.ts'
import { resultFault } from './result-fault.ts'

type Subject = PluginSubject<EvaluationMetric>

/** How much a number may change where only the order of additions does, relative to it. */
const ROUNDING = 1e-9

/** What a metric of single evaluations must do. */
export const evaluationChecks: readonly Check<Subject>[] = [
  defineCheck({
    id: 'id-says-its-level',
    why: 'Metrics are named <level>.<name> in every record and table.',
    fix: 'call it image.…, or pixel.… for pixel and region metrics',
    run({ plugin }) {
      const prefix = plugin.level === 'image' ? 'image.' : 'pixel.'
      if (!plugin.id.startsWith(prefix)) violates(`"${plugin.id}" has level "${plugin.level}" and does not begin with "${prefix}"`)
    },
  }),
  defineCheck({
    id: 'gives-a-number',
    why: 'Ordinary scores and maps have a number.',
    fix: 'return { value } with a finite number for an evaluation with both classes, finite scores and all masks',
    async run({ plugin }) {
      const result = await compute(plugin, evaluation('useful'))
      const fault = resultFault(result)
      if (fault !== null) violates(fault)
      if (result.value === null) violates(`it gives none: ${result.reason}`)
    },
  }),
  defineCheck({
    id: 'direction-is-right',
    why: 'Tables mark the best by the declared direction.',
    fix: 'correct "direction", or the sign',
    requires: ['gives-a-number'],
    async run({ plugin }) {
      const [perfect, random, inverse] = [
        await valueOf(plugin, evaluation('perfect')),
        await valueOf(plugin, evaluation('random')),
        await valueOf(plugin, evaluation('inverse')),
      ]
      const better = (first: number, second: number): boolean => (plugin.direction === 'higher-is-better' ? first > second : first < second)
      if (!better(perfect, random)) violates(`${plugin.direction}, but perfect scores give ${perfect} and random ones ${random}`)
      if (!better(perfect, inverse)) violates(`${plugin.direction}, but perfect scores give ${perfect} and inverted ones ${inverse}`)
    },
  }),
  defineCheck({
    id: 'degenerate-input-has-a-reason',
    why: 'Categories without defects, single pictures and constant scores happen: they must give a number that means something, or null with the reason.',
    fix: 'return { value: null, reason } where the metric is not defined; never throw, never return NaN or a made-up number',
    async run({ plugin }) {
      const useful = evaluation('useful')
      const infinite = mapValues(useful, (value) => (value > 0.5 ? Infinity : value < 0.02 ? -Infinity : value))
      const cases: Readonly<Record<string, Evaluation>> = {
        'constant scores': evaluation('constant'),
        'normal samples only': pick(useful, placesOf(useful, 'normal')),
        'anomalous samples only': pick(useful, placesOf(useful, 'anomalous')),
        'one sample': pick(useful, [0]),
        'no sample': pick(useful, []),
        'infinite scores': infinite,
      }
      for (const [name, given] of Object.entries(cases)) {
        const fault = resultFault(await computeSafely(plugin, given, name))
        if (fault !== null) violates(`${name}: ${fault}`)
      }
    },
  }),
  defineCheck({
    id: 'nan-gives-null',
    why: 'A score that is not a number has no place in an order: any value computed from it is made up.',
    fix: 'look for NaN in what the metric reads, and return { value: null, reason } that names the sample',
    async run({ plugin }) {
      const useful = evaluation('useful')
      let place = 0
      const spoilt =
        plugin.level === 'image'
          ? createEvaluation({ ...useful, scores: useful.scores.map((score, index) => (index === 3 ? Number.NaN : score)) })
          : mapValues(useful, (value) => (place++ === 40 ? Number.NaN : value))
      const result = await computeSafely(plugin, spoilt, 'a value that is NaN')
      if (result.value !== null) violates(`with a value that is NaN it gives ${result.value}`)
    },
  }),
  defineCheck({
    id: 'missing-maps-give-null',
    why: 'Some algorithms make no maps and some datasets have no masks.',
    fix: 'return { value: null, reason: maps.reason } where maps.kind is "missing"',
    skip: ({ plugin }) => (plugin.level === 'image' ? 'it reads no maps' : null),
    async run({ plugin }) {
      const reason = 'the algorithm makes no anomaly maps'
      const result = await computeSafely(plugin, evaluation('useful', { maps: { kind: 'missing', reason } }), 'no maps')
      if (result.value !== null) violates(`without maps it gives ${result.value}`)
      if (result.reason === '') violates('without maps it gives no reason')
    },
  }),
  defineCheck({
    id: 'same-input-same-number',
    why: 'Records are compared byte for byte.',
    fix: 'make the number depend on the evaluation alone, not on earlier calls',
    requires: ['gives-a-number'],
    async run({ plugin }) {
      const shared = evaluation('useful')
      const values = [await valueOf(plugin, shared), await valueOf(plugin, shared), await valueOf(plugin, evaluation('useful'))]
      if (new Set(values).size > 1) violates(`computed three times, it gives ${values.join(', ')}`)
    },
  }),
  defineCheck({
    id: 'order-does-not-matter',
    why: 'The order of the samples says nothing about them.',
    fix: 'treat equal scores alike, whatever their order',
    requires: ['same-input-same-number'],
    async run({ plugin }) {
      const useful = evaluation('useful')
      const turned = pick(
        useful,
        useful.samples.map((_, index) => useful.samples.length - 1 - index),
      )
      const [forth, back] = [await valueOf(plugin, useful), await valueOf(plugin, turned)]
      if (Math.abs(forth - back) > ROUNDING * Math.max(1, Math.abs(forth)))
        violates(`the samples in reverse order give ${back}, not ${forth}`)
    },
  }),
  defineCheck({
    id: 'only-the-order-of-scores-counts',
    why: 'A metric that declares "rankBased" may be compared between algorithms whose scores have different scales.',
    fix: 'do not declare "rankBased", or use only comparisons between scores',
    requires: ['same-input-same-number'],
    skip: ({ plugin }) => (plugin.rankBased === true ? null : 'it does not declare "rankBased"'),
    async run({ plugin }) {
      const plain = await valueOf(plugin, evaluation('useful'))
      const risen = await valueOf(
        plugin,
        mapValues(evaluation('useful'), (value) => 8 * value * value * value + value - 3),
      )
      if (Math.abs(plain - risen) > ROUNDING * Math.max(1, Math.abs(plain)))
        violates(`a strictly rising function of all scores changes ${plain} to ${risen}`)
    },
  }),
  defineCheck({
    id: 'leaves-the-evaluation-alone',
    why: 'All metrics share one evaluation: one that sorts or rescales it in place falsifies the others.',
    fix: 'copy arrays before sorting or changing them',
    requires: ['gives-a-number'],
    async run({ plugin }) {
      const given = evaluation('useful')
      const { memo, ...data } = given
      const before = structuredClone(data)
      await plugin.compute({ ...deepFreeze(data), memo: (key, work) => memo.call(given, key, work) as ReturnType<typeof work> })
      if (!equalData(before, data)) violates('it changes scores or maps in place')
    },
  }),
  defineCheck({
    id: 'memo-keys-are-its-own',
    why: "Intermediates are shared by their keys: two packages with one key get each other's.",
    fix: "begin every key with the package's name",
    requires: ['gives-a-number'],
    async run({ plugin, location }) {
      const given = evaluation('useful')
      const keys: string[] = []
      await plugin.compute({
        ...given,
        memo(key, work) {
          keys.push(key)
          return given.memo(key, work)
        },
      })
      const foreign = keys.find((key) => !key.startsWith(location.package))
      if (foreign !== undefined) violates(`the key ${JSON.stringify(foreign)} does not begin with "${location.package}"`)
    },
  }),
]

async function compute(plugin: EvaluationMetric, given: Evaluation): Promise<MetricResult> {
  return plugin.compute(given)
}

async function computeSafely(plugin: EvaluationMetric, given: Evaluation, name: string): Promise<MetricResult> {
  try {
    return await plugin.compute(given)
  } catch (error) {
    return violates(`${name}: it throws ${describeThrown(error)}`)
  }
}

async function valueOf(plugin: EvaluationMetric, given: Evaluation): Promise<number> {
  return (await plugin.compute(given)).value ?? Number.NaN
}

function equalData(first: Omit<Evaluation, 'memo'>, second: Omit<Evaluation, 'memo'>): boolean {
  const numbers = ({ scores, maps }: Omit<Evaluation, 'memo'>): readonly ArrayLike<number>[] => [
    scores,
    ...(maps.kind === 'missing'
      ? []
      : maps.items.flatMap(({ map, mask, regions }) => [map, mask, ...regions.map((region) => region.mask)])),
  ]
  const [left, right] = [numbers(first), numbers(second)]
  return left.every((values, place) => Array.prototype.every.call(values, (value, index) => value === right[place][index]))
}
