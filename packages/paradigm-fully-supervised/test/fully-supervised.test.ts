import { createRandomSource, isImIadError, type Protocol, type SampleFacts } from '@im-iad/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import fullySupervised from '../src/index.ts'
import type { FullySupervisedParameters } from '../src/parameters.ts'

const facts = (id: string, more: Partial<SampleFacts> = {}): SampleFacts => ({
  id,
  category: 'part',
  split: null,
  label: 'normal',
  sha256: `hash of ${id}`,
  hasMask: false,
  ...more,
})

const abnormal = (id: string, defect: string, more: Partial<SampleFacts> = {}): SampleFacts =>
  facts(id, { label: 'anomalous', defect, hasMask: true, ...more })

const series = (count: number, make: (number: number) => SampleFacts): readonly SampleFacts[] =>
  Array.from({ length: count }, (_, number) => make(number))

const published = (counts: Readonly<Record<string, number>>, category = 'part'): readonly SampleFacts[] => [
  ...series(20, (number) => facts(`${category}/train/good/${number}`, { category, split: 'train' })),
  ...series(8, (number) => facts(`${category}/test/good/${number}`, { category, split: 'test' })),
  ...Object.entries(counts).flatMap(([defect, count]) =>
    series(count, (number) =>
      abnormal(`${category}/test/${defect}/${String(number).padStart(3, '0')}`, defect, { category, split: 'test' }),
    ),
  ),
]

interface Options extends Partial<FullySupervisedParameters> {
  readonly seed?: number
  readonly category?: string
}

const plan = (samples: readonly SampleFacts[], { seed = 0, category = 'part', ...parameters }: Options = {}): Protocol =>
  fullySupervised.plan({
    parameters: { n: 10, draw: 'stratified', split: 'group', trainFraction: 0.8, ...parameters },
    category,
    categories: [category],
    samples,
    random: createRandomSource(seed, 'paradigm'),
  })

const trainedAbnormal = (protocol: Protocol): readonly string[] =>
  protocol.steps.flatMap((step) => step.train.filter((item) => item.label === 'anomalous').map((item) => item.id))
const trained = (protocol: Protocol): readonly string[] => protocol.steps.flatMap((step) => step.train.map((item) => item.id))
const tested = (protocol: Protocol): readonly string[] => protocol.steps.flatMap((step) => step.evaluate.flatMap((test) => test.ids))
const typesOf = (ids: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const type of ids.map((id) => id.split('/').at(-2) ?? '')) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** `null` where the paradigm refuses, which is its right; any other error is thrown. */
const attempt = (samples: readonly SampleFacts[], options: Options): Protocol | null => {
  try {
    return plan(samples, options)
  } catch (error) {
    if (isImIadError(error) && error.code === 'IM_IAD_E_PROTOCOL') return null
    throw error
  }
}

describe('ten abnormal images', () => {
  const samples = published({ crack: 15, dent: 15, stain: 15, hole: 3 })

  it('are trained on with their masks, and not tested', () => {
    const protocol = plan(samples)
    const moved = trainedAbnormal(protocol)
    expect(moved).toHaveLength(10)
    expect(protocol.steps[0]?.train.every((item) => item.mask)).toBe(true)
    expect([...trained(protocol), ...tested(protocol)].toSorted()).toEqual(samples.map((sample) => sample.id).toSorted())
    expect(protocol.leaky).toBeNull()
  })

  it('are of every defect type in turn, a type that runs out aside', () => {
    expect(Object.values(typesOf(trainedAbnormal(plan(samples)))).toSorted()).toEqual([2, 2, 3, 3])
    expect(typesOf(trainedAbnormal(plan(samples, { n: 30 })))).toEqual({ crack: 9, dent: 9, stain: 9, hole: 3 })
  })

  it('contain those of a smaller n', () => {
    for (const draw of ['stratified', 'pooled'] as const) {
      const [one = [], five = [], ten = []] = [1, 5, 10].map((n) => trainedAbnormal(plan(samples, { n, draw, seed: 3 })))
      expect([one.length, five.length, ten.length]).toEqual([1, 5, 10])
      expect(five).toEqual(expect.arrayContaining([...one]))
      expect(ten).toEqual(expect.arrayContaining([...five]))
    }
  })

  it('are others for another seed, and drawn otherwise when pooled', () => {
    expect(trainedAbnormal(plan(samples, { seed: 1 }))).not.toEqual(trainedAbnormal(plan(samples, { seed: 2 })))
    const shares = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => typesOf(trainedAbnormal(plan(samples, { seed, draw: 'pooled' })))['hole'] ?? 0)
    expect(new Set(shares).size).toBeGreaterThan(1)
  })

  it('of one type do not depend on which other types there are', () => {
    const order = (counts: Readonly<Record<string, number>>): readonly string[] =>
      trainedAbnormal(plan(published(counts), { n: Object.keys(counts).length })).filter((id) => id.includes('crack'))
    expect(order({ crack: 15 })).toEqual(order({ crack: 15, dent: 15 }))
  })

  it('are said by type, with what can no longer be tested', () => {
    const protocol = plan(published({ crack: 20, hole: 1 }), { n: 4 })
    expect(protocol.notes).toEqual(['4 of 21 abnormal images are trained on: crack 3, hole 1', 'no image of hole is left to test'])
  })
})

describe('what goes with a moved image', () => {
  it('is not tested: its part and its copies, and whatever hangs together with them', () => {
    const samples = [
      ...published({ crack: 12 }),
      abnormal('z/0', 'dent', { split: 'test', group: 'one part' }),
      abnormal('z/1', 'dent', { split: 'test', group: 'one part', sha256: 'shared' }),
      facts('z/2', { split: 'test', sha256: 'shared' }),
      facts('z/3', { split: 'test' }),
    ]
    const protocol = plan(samples, { n: 4 })
    expect(trainedAbnormal(protocol).some((id) => id.startsWith('z/'))).toBe(true)
    expect(tested(protocol).filter((id) => id.startsWith('z/'))).toEqual(['z/3'])
    expect(protocol.notes.some((note) => note.endsWith('they show the same pictures or parts as these'))).toBe(true)
  })

  it('never stands on both sides, whatever the dataset', () => {
    const datasets = fc
      .array(
        fc.record({
          group: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
          type: fc.constantFrom('good', 'crack', 'dent'),
          copyOf: fc.integer({ min: 0, max: 60 }),
        }),
        { minLength: 4, maxLength: 40 },
      )
      .map((images) =>
        images.map(({ group, type, copyOf }, index) => ({
          ...(type === 'good' ? facts(`image-${index}`) : abnormal(`image-${index}`, type)),
          ...(copyOf < index ? { sha256: `hash of image-${copyOf}` } : {}),
          ...(group === undefined ? {} : { group: `part-${group}` }),
        })),
      )
    let planned = 0
    fc.assert(
      fc.property(
        datasets,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('stratified' as const, 'pooled' as const),
        (samples, n, draw) => {
          const protocol = attempt(samples, { n, draw })
          if (protocol === null) return
          planned++
          expect(trainedAbnormal(protocol)).toHaveLength(n)
          const of = (ids: readonly string[], key: (sample: SampleFacts) => string | undefined): ReadonlySet<string> =>
            new Set(samples.filter((sample) => ids.includes(sample.id)).flatMap((sample) => key(sample) ?? []))
          for (const key of [(sample: SampleFacts) => sample.sha256, (sample: SampleFacts) => sample.group])
            expect([...of(trained(protocol), key)].filter((value) => of(tested(protocol), key).has(value))).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
    expect(planned).toBeGreaterThan(50)
  })
})

describe('the published list', () => {
  const bottle = published({ broken_large: 20, broken_small: 22, contamination: 21 }, 'bottle')

  it('is that of the SemiREST authors', () => {
    const protocol = plan(bottle, { draw: 'published', category: 'bottle', seed: 5 })
    expect(trainedAbnormal(protocol)).toEqual(
      [
        ['broken_large', [8, 11, 13]],
        ['broken_small', [2, 5, 8, 10, 21]],
        ['contamination', [2, 11]],
      ].flatMap(([type, numbers]) =>
        [...(numbers as number[])].map((number) => `bottle/test/${String(type)}/${String(number).padStart(3, '0')}`),
      ),
    )
  })

  it.each([
    ['a category without one', published({ crack: 20 }), 10, 'part', 'there is no published list for "part"'],
    ['another n', bottle, 5, 'bottle', 'the published list has 10 images, not 5'],
    ['images that are not there', published({ broken_large: 9 }, 'bottle'), 10, 'bottle', 'broken_large/11, broken_large/13'],
  ])('refuses %s', (_name, samples, n, category, message) => {
    expect(() => plan(samples, { draw: 'published', n, category })).toThrow(message)
  })
})

describe('too little', () => {
  it.each([
    ['fewer abnormal images than n', published({ crack: 9 }), '9 abnormal images (copies count once) can be moved to training'],
    ['no abnormal image', published({}), '0 abnormal images'],
    ['none left to test', published({ crack: 10 }), 'has no abnormal image left to test'],
    ['no normal image', series(20, (number) => abnormal(`bad/${number}`, 'crack')), 'has no normal image to train on'],
    [
      'no normal image left to test',
      [
        ...series(20, (number) => facts(`a/${number}`, { split: 'train' })),
        facts('b', { split: 'test', group: 'x' }),
        ...series(12, (number) => abnormal(`c/${number}`, 'crack', { split: 'test', ...(number < 2 ? { group: 'x' } : {}) })),
      ],
      'has no normal image left to test',
    ],
  ])('is refused: %s', (_name, samples, message) => {
    expect(() => plan(samples)).toThrow(message)
  })
})
