import { createRandomSource, type Protocol, type SampleFacts } from '@im-iad/core'
import { describe, expect, it } from 'vitest'
import continual from '../src/index.ts'
import type { ContinualParameters } from '../src/parameters.ts'

const facts = (category: string, name: string, more: Partial<SampleFacts> = {}): SampleFacts => ({
  id: `${category}/${name}`,
  category,
  split: null,
  label: 'normal',
  sha256: `hash of ${category}/${name}`,
  hasMask: false,
  ...more,
})

const category = (name: string): readonly SampleFacts[] => [
  ...Array.from({ length: 6 }, (_, index) => facts(name, `train/${index}`, { split: 'train' })),
  ...Array.from({ length: 3 }, (_, index) => facts(name, `test/good/${index}`, { split: 'test' })),
  ...Array.from({ length: 3 }, (_, index) => facts(name, `test/bad/${index}`, { split: 'test', label: 'anomalous', hasMask: true })),
]

const CATEGORIES = ['washer', 'cable', 'weave', 'bolt']

interface Options extends Partial<ContinualParameters> {
  readonly seed?: number
  readonly categories?: readonly string[]
  readonly samples?: readonly SampleFacts[]
}

const plan = ({ seed = 0, categories = CATEGORIES, samples = categories.flatMap(category), ...parameters }: Options = {}): Protocol =>
  continual.plan({
    parameters: { order: 'published', tasks: [], split: 'group', trainFraction: 0.8, ...parameters },
    category: null,
    categories,
    samples,
    random: createRandomSource(seed, 'paradigm'),
  })

const order = (protocol: Protocol): readonly string[] => protocol.steps.map((step) => step.task)

describe('the protocol', () => {
  it('learns one task after the other and tests every task so far, on the same images each time', () => {
    const { steps, notes, leaky } = plan()
    expect(steps.map((step) => step.evaluate.map((test) => test.task))).toEqual([
      ['washer'],
      ['washer', 'cable'],
      ['washer', 'cable', 'weave'],
      ['washer', 'cable', 'weave', 'bolt'],
    ])
    for (const { task, train, evaluate } of steps) {
      expect(train.map((item) => item.id)).toEqual(Array.from({ length: 6 }, (_, index) => `${task}/train/${index}`))
      for (const test of evaluate) expect(test.ids).toEqual(steps.at(-1)?.evaluate.find((last) => last.task === test.task)?.ids)
    }
    expect(notes).toEqual(['tasks in this order: washer, cable, weave, bolt'])
    expect(leaky).toBeNull()
  })

  it('has the order that is asked for', () => {
    expect(order(plan({ order: 'alphabetical' }))).toEqual(['bolt', 'cable', 'washer', 'weave'])
    expect(order(plan({ tasks: ['weave', 'bolt'] }))).toEqual(['weave', 'bolt'])
    const shuffled = [0, 1, 2, 3, 4, 5].map((seed) => order(plan({ order: 'shuffled', seed })))
    for (const tasks of shuffled) expect(tasks.toSorted()).toEqual(CATEGORIES.toSorted())
    expect(new Set(shuffled.map(String)).size).toBeGreaterThan(1)
    expect(order(plan({ order: 'shuffled', seed: 4 }))).toEqual(shuffled[4])
  })

  it('splits a task the same way in whatever order', () => {
    const unpublished = CATEGORIES.flatMap((name) => category(name).map((sample) => ({ ...sample, split: null })))
    const trainOf = (protocol: Protocol): unknown => protocol.steps.find((step) => step.task === 'weave')?.train
    expect(trainOf(plan({ samples: unpublished, tasks: ['weave', 'bolt'] }))).toEqual(trainOf(plan({ samples: unpublished })))
  })

  it('never trains in one task on what another tests', () => {
    const samples = [...CATEGORIES.flatMap(category), facts('weave', 'train/twin', { split: 'train', sha256: 'hash of bolt/test/good/1' })]
    const { steps, notes } = plan({ samples })
    expect(steps.flatMap((step) => step.train).map((item) => item.id)).not.toContain('weave/train/twin')
    expect(notes).toContain('weave: 1 of 7 training images are left out: another task tests the same picture')
  })

  it('says which task leaks', () => {
    const samples = ['a', 'b'].flatMap((name) =>
      Array.from({ length: 10 }, (_, index) => facts(name, `${index}`, name === 'a' ? { group: 'one part' } : {})),
    )
    expect(plan({ categories: ['a', 'b'], samples, split: 'image' }).leaky).toMatch(/^a: split by single images: 2 of 2/)
  })
})

describe('what is refused', () => {
  it.each<readonly [string, Options, string]>([
    ['a task that is no category', { tasks: ['weave', 'blot'] }, 'did you mean "bolt"?'],
    ['a task named twice', { tasks: ['weave', 'bolt', 'weave'] }, 'continual.tasks names "weave" twice'],
    ['a single task', { tasks: ['weave'] }, 'continual learning needs at least two tasks'],
    ['a dataset of one category', { categories: ['weave'] }, 'only weave'],
    ['a dataset of none', { categories: [], samples: [] }, 'no category'],
    [
      'a task without normal images',
      { samples: [...category('washer'), ...category('cable'), ...category('weave'), facts('bolt', 'x', { label: 'anomalous' })] },
      'task "bolt" has no image to train on',
    ],
    [
      'a task without test images',
      { categories: ['weave', 'bolt'], samples: [...category('weave'), facts('bolt', 'x')] },
      'task "bolt" has no image left to test',
    ],
  ])('%s', (_name, options, message) => {
    expect(() => plan(options)).toThrow(message)
  })
})
