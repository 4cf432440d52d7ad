import { createRandomSource, type SampleFacts } from '@im-iad/core'
import { expect, it } from 'vitest'
import { planProtocol } from '../src/plan-protocol.ts'

const sample = (name: string, label: 'normal' | 'anomalous', group: string): SampleFacts => ({
  id: `bolt/${name}`,
  category: 'bolt',
  split: null,
  label,
  group,
  sha256: name,
  hasMask: false,
})

const samples = [
  sample('0', 'normal', 'first'),
  sample('1', 'normal', 'first'),
  sample('2', 'normal', 'second'),
  sample('3', 'normal', 'third'),
  sample('4', 'anomalous', 'third'),
]

it('keeps the pictures of a part together and trains on no part that shows a defect', () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = createRandomSource(seed, 'paradigm')
    const { steps } = planProtocol({ parameters: { share: 0.5 }, category: 'bolt', categories: ['bolt'], samples, random })
    const trained = steps[0].train.map(({ id }) => id)
    expect([['bolt/0', 'bolt/1'], ['bolt/2']]).toContainEqual(trained)
    expect([...trained, ...steps[0].evaluate[0].ids].toSorted()).toEqual(samples.map(({ id }) => id))
  }
})

it('says when there is nothing to train on', () => {
  const random = createRandomSource(0, 'paradigm')
  const request = { parameters: { share: 0.5 }, category: 'bolt', categories: ['bolt'], samples: samples.slice(3), random }
  expect(() => planProtocol(request)).toThrow(/leave nothing to train on/)
})
