import fc from 'fast-check'
import { createRandomSource } from '@im-iad/core'
import { groupNearDuplicates, planHoldOut, type PartGroups } from '@im-iad/predict'
import { describe, expect, it } from 'vitest'
import { thumbnailOf } from '../src/fit/near-duplicates.ts'
import { surface } from './support/pictures.ts'

const keys = (index: number): readonly string[] => [`picture ${index}`]

describe('groupNearDuplicates', () => {
  it('puts a burst of one part together, whatever the light, and keeps parts apart', () => {
    const parts = Array.from({ length: 12 }, (_, part) => thumbnailOf(surface(part * 6)))
    const noise = createRandomSource(1, 'test').stream('noise')
    const burst = [0, 1, 2].map((shot) =>
      (parts[4] ?? new Float32Array(0)).map((value) => value * (0.8 + 0.1 * shot) + 10 + noise.uniform()),
    )
    const { groupOf, groups } = groupNearDuplicates([...parts, ...burst].map((thumbnail, index) => ({ thumbnail, keys: keys(index) })))
    expect(groups).toBe(12)
    expect(groupOf.slice(12)).toEqual([groupOf[4], groupOf[4], groupOf[4]])
  })

  it('does not take pictures that all look alike for one part', () => {
    const base = thumbnailOf(surface(0))
    const noise = createRandomSource(2, 'test').stream('noise')
    const alike = Array.from({ length: 30 }, (_, index) => ({
      thumbnail: base.map((value) => value + noise.normal() * 0.01),
      keys: keys(index),
    }))
    expect(groupNearDuplicates(alike).groups).toBe(30)
  })

  it('always joins copies and groups that the dataset names', () => {
    const thumbnail = thumbnailOf(surface(0))
    const pictures = [['picture a'], ['picture b', 'group 1'], ['picture a'], ['picture c', 'group 1'], ['picture d']].map(
      (own, index) => ({
        thumbnail: thumbnailOf(surface(index * 6 + 1)),
        keys: own,
      }),
    )
    expect(groupNearDuplicates(pictures).groupOf).toEqual([0, 1, 0, 1, 2])
    expect(groupNearDuplicates([{ thumbnail, keys: keys(0) }])).toEqual({ groupOf: [0], groups: 1 })
  })
})

describe('planHoldOut', () => {
  const parts = fc
    .array(fc.nat({ max: 40 }), { minLength: 2, maxLength: 120 })
    .map((raw): PartGroups => {
      const numbers = [...new Set(raw)]
      return { groupOf: raw.map((group) => numbers.indexOf(group)), groups: numbers.length }
    })
    .filter(({ groups }) => groups >= 2)
  const goal = fc.record({
    rate: fc.double({ min: 0.005, max: 0.4, noNaN: true }),
    confidence: fc.double({ min: 0.6, max: 0.99, noNaN: true }),
  })

  it('never tears a part, trains on something, and holds something out', () => {
    fc.assert(
      fc.property(parts, goal, fc.nat(), (given, asked, seed) => {
        const plan = planHoldOut(given, asked, createRandomSource(seed, 'test').stream('hold-out'))
        const foldsOfGroup = new Map<number, Set<number>>()
        for (const [index, fold] of plan.foldOf.entries()) {
          const group = given.groupOf[index] ?? -1
          foldsOfGroup.set(group, (foldsOfGroup.get(group) ?? new Set()).add(fold))
        }
        for (const folds of foldsOfGroup.values()) expect(folds.size).toBe(1)
        const used = new Set(plan.foldOf)
        expect(used.size).toBeGreaterThanOrEqual(2)
        // Folds are numbered without gaps, whichever kind it is.
        expect([...used].filter((fold) => fold >= 0).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: plan.folds }, (_, fold) => fold),
        )
        expect(used.has(-1)).toBe(plan.kind === 'split')
      }),
    )
  })
})
