import { createRandomSource, type Protocol, type SampleFacts } from '@im-iad/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import unsupervised from '../src/index.ts'

const facts = (id: string, more: Partial<SampleFacts> = {}): SampleFacts => ({
  id,
  category: 'part',
  split: null,
  label: 'normal',
  sha256: `hash of ${id}`,
  hasMask: false,
  ...more,
})

const plan = (
  samples: readonly SampleFacts[],
  { split = 'group', trainFraction = 0.8, seed = 0 }: { split?: 'group' | 'image'; trainFraction?: number; seed?: number } = {},
): Protocol =>
  unsupervised.plan({
    parameters: { split, trainFraction },
    category: 'part',
    categories: ['part', 'other'],
    samples,
    random: createRandomSource(seed, 'paradigm'),
  })

const trained = (protocol: Protocol): readonly string[] => protocol.steps.flatMap((step) => step.train.map((item) => item.id))
const tested = (protocol: Protocol): readonly string[] => protocol.steps.flatMap((step) => step.evaluate.flatMap((test) => test.ids))

/** Images of up to twelve parts, some anomalous, some published under two names. */
const datasets = fc
  .array(
    fc.record({
      group: fc.option(fc.integer({ min: 0, max: 11 }), { nil: undefined }),
      anomalous: fc.integer({ min: 0, max: 5 }),
      copyOf: fc.integer({ min: 0, max: 40 }),
    }),
    { minLength: 2, maxLength: 30 },
  )
  .map((images) =>
    images.map(({ group, anomalous, copyOf }, index) =>
      facts(`image-${String(index).padStart(2, '0')}`, {
        label: anomalous === 0 ? 'anomalous' : 'normal',
        ...(copyOf < index ? { sha256: `hash of image-${String(copyOf).padStart(2, '0')}` } : {}),
        ...(group === undefined ? {} : { group: `part-${group}` }),
      }),
    ),
  )

const attempt = (samples: readonly SampleFacts[], options: Parameters<typeof plan>[1] = {}): Protocol | null => {
  try {
    return plan(samples, options)
  } catch (error) {
    expect(String(error)).toContain('IM_IAD_E_PROTOCOL')
    return null
  }
}

describe('a published split', () => {
  const samples = [
    facts('a', { split: 'train' }),
    facts('b', { split: 'train', label: 'anomalous' }),
    facts('c', { split: 'test' }),
    facts('d', { split: 'test', label: 'anomalous' }),
    facts('e', { split: 'validation' }),
    facts('f', { category: 'other', split: 'train' }),
    facts('g', { category: 'other', split: 'test' }),
  ]

  it('is kept: normal training images train, test images are tested', () => {
    const protocol = plan(samples)
    expect(trained(protocol)).toEqual(['a'])
    expect(tested(protocol)).toEqual(['c', 'd'])
    expect(protocol).toMatchObject({ leaky: null, notes: [] })
  })

  it('loses training images that are tested as well, and says so', () => {
    const twins = [
      facts('a', { split: 'train' }),
      facts('b', { split: 'train', sha256: 'x' }),
      facts('c', { split: 'train', group: 'part-1' }),
      facts('d', { split: 'test', sha256: 'x' }),
      facts('e', { split: 'test', group: 'part-1' }),
    ]
    const protocol = plan(twins)
    expect(trained(protocol)).toEqual(['a'])
    expect(tested(protocol)).toEqual(['d', 'e'])
    expect(protocol.notes[0]).toBe('2 of 3 published training images are left out: the same picture or part is tested')
  })

  it("offers the other categories' training images", () => {
    expect(plan(samples).steps[0]?.auxiliary).toEqual([{ id: 'f', label: 'normal', mask: false }])
  })
})

describe('without a published split', () => {
  it('never has a part, or a picture, on both sides', () => {
    fc.assert(
      fc.property(datasets, fc.integer({ min: 0, max: 99 }), (samples, seed) => {
        const protocol = attempt(samples, { seed })
        if (protocol === null) return
        const side = (ids: readonly string[], key: (sample: SampleFacts) => string | undefined): ReadonlySet<string | undefined> =>
          new Set(samples.filter((sample) => ids.includes(sample.id)).map(key))
        for (const key of [(sample: SampleFacts) => sample.sha256, (sample: SampleFacts) => sample.group]) {
          const test = side(tested(protocol), key)
          for (const value of side(trained(protocol), key)) expect(value !== undefined && test.has(value)).toBe(false)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('trains on normal images only and tests everything else once', () => {
    fc.assert(
      fc.property(datasets, fc.constantFrom('group' as const, 'image' as const), (samples, split) => {
        const protocol = attempt(samples, { split })
        if (protocol === null) return
        expect([...trained(protocol), ...tested(protocol)].toSorted()).toEqual(samples.map((sample) => sample.id))
        for (const id of trained(protocol)) expect(samples.find((sample) => sample.id === id)?.label).toBe('normal')
      }),
    )
  })

  it('comes as near to the fraction as whole parts allow', () => {
    const samples = Array.from({ length: 60 }, (_, index) => facts(`image-${index}`, { group: `part-${Math.floor(index / 6)}` }))
    for (const seed of [0, 1, 2]) expect(trained(plan(samples, { seed }))).toHaveLength(48)
  })

  it('gives another split for another seed', () => {
    const samples = Array.from({ length: 40 }, (_, index) => facts(`image-${index}`))
    expect(trained(plan(samples, { seed: 3 }))).not.toEqual(trained(plan(samples, { seed: 4 })))
  })

  it('never trains on a part that also shows a defect', () => {
    const samples = [
      ...Array.from({ length: 10 }, (_, index) => facts(`good-${index}`)),
      facts('mixed-good', { group: 'mixed' }),
      facts('mixed-bad', { group: 'mixed', label: 'anomalous' }),
    ]
    for (const seed of [0, 1, 2, 3]) expect(trained(plan(samples, { trainFraction: 0.95, seed }))).not.toContain('mixed-good')
  })

  it('says how much a split by single images leaks', () => {
    const samples = Array.from({ length: 10 }, (_, index) => facts(`image-${index}`, { group: 'one part' }))
    expect(plan(samples, { split: 'image' }).leaky).toBe(
      'split by single images: 2 of 2 normal test images show a physical part that is trained on',
    )
    expect(
      plan(
        Array.from({ length: 10 }, (_, index) => facts(`image-${index}`)),
        { split: 'image' },
      ).leaky,
    ).toBeNull()
  })

  it('notes that nothing anomalous, or nothing normal, is tested', () => {
    expect(plan(Array.from({ length: 10 }, (_, index) => facts(`image-${index}`))).notes).toEqual(['no anomalous image is tested'])
    expect(plan([facts('a'), facts('b', { label: 'anomalous' })]).notes).toEqual(['no normal image is tested'])
  })

  it.each([
    ['no normal image', [facts('a', { label: 'anomalous' })], 'has no image to train on'],
    ['no image left', [facts('a')], 'has no image left to test'],
    ['no image at all', [], 'has no image to train on'],
  ])('refuses %s', (_name, samples, message) => {
    expect(() => plan(samples)).toThrow(message)
  })
})
