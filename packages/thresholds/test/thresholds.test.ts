import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  costAt,
  costOptimalThreshold,
  crossFittedCost,
  falseRejectRank,
  falseRejectThreshold,
  rankSumTest,
  requiredGoodPictures,
  wilsonInterval,
} from '../src/index.ts'

const score = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const scores = fc.array(score, { minLength: 1, maxLength: 60 })
const goal = fc.record({
  rate: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
  confidence: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
})

describe('falseRejectThreshold', () => {
  it('needs 299 pictures for 1 % at 95 %, as the textbooks say', () => {
    expect(requiredGoodPictures({ rate: 0.01, confidence: 0.95 })).toBe(299)
    expect(requiredGoodPictures({ rate: 0.05, confidence: 0.95 })).toBe(59)
  })

  it('says that 40 pictures cannot support 1 %, and uses the largest score', () => {
    const result = falseRejectThreshold(
      Array.from({ length: 40 }, (_, index) => index),
      { rate: 0.01, confidence: 0.95 },
    )
    expect(result).toMatchObject({ threshold: 39, rank: 1, count: 40, supported: false, required: 299 })
    expect(result.supportedRate).toBeCloseTo(1 - 0.05 ** (1 / 40), 10)
  })

  it('needs exactly as many pictures as it says, whatever the goal', () => {
    fc.assert(
      fc.property(goal, (asked) => {
        const required = requiredGoodPictures(asked)
        expect(falseRejectRank(required, asked)).toBeGreaterThan(0)
        expect(falseRejectRank(required - 1, asked)).toBe(0)
      }),
    )
  })

  it('is one of the scores, with rank - 1 at most above it', () => {
    fc.assert(
      fc.property(scores, goal, (values, asked) => {
        const { threshold, rank } = falseRejectThreshold(values, asked)
        expect(values).toContain(threshold)
        expect(values.filter((value) => value > threshold).length).toBeLessThanOrEqual(rank - 1)
      }),
    )
  })

  it('never falls when less may be rejected or more confidence is asked for', () => {
    fc.assert(
      fc.property(scores, goal, goal, (values, one, other) => {
        const strict = { rate: Math.min(one.rate, other.rate), confidence: Math.max(one.confidence, other.confidence) }
        expect(falseRejectThreshold(values, strict).threshold).toBeGreaterThanOrEqual(falseRejectThreshold(values, one).threshold)
      }),
    )
  })

  it('does not depend on the order, and moves with the scores', () => {
    fc.assert(
      fc.property(scores, goal, (values, asked) => {
        const { threshold } = falseRejectThreshold(values, asked)
        expect(falseRejectThreshold(values.toReversed(), asked).threshold).toBe(threshold)
        expect(
          falseRejectThreshold(
            values.map((value) => value * 4),
            asked,
          ).threshold,
        ).toBe(threshold * 4)
      }),
    )
  })

  it('keeps its promise: over 2,000 repetitions the true rate exceeds the goal no more often than the confidence allows', () => {
    // Uniform scores, so that the true rate above a threshold is 1 - threshold. A fixed generator, so that the test can't flicker.
    let state = 20250113
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647
    const asked = { rate: 0.05, confidence: 0.9 }
    let broken = 0
    for (let repetition = 0; repetition < 2000; repetition++) {
      const { threshold, supported } = falseRejectThreshold(Float64Array.from({ length: 120 }, uniform), asked)
      expect(supported).toBe(true)
      if (1 - threshold > asked.rate) broken++
    }
    // 10 % by the theorem at most; three standard errors above it are 12 %.
    expect(broken / 2000).toBeLessThan(0.12)
    expect(broken).toBeGreaterThan(0)
  })

  it.each([
    [[], { rate: 0.01, confidence: 0.95 }, 'no score of good pictures'],
    [[1, Number.NaN], { rate: 0.01, confidence: 0.95 }, 'score 1 is NaN'],
    [[1], { rate: 0, confidence: 0.95 }, 'the false-reject rate 0 is impossible'],
    [[1], { rate: 0.01, confidence: 1 }, 'the confidence 1 is impossible'],
  ])('refuses %j with %j', (values, asked, message) => {
    expect(() => falseRejectThreshold(values, asked)).toThrow(message)
  })
})

describe('wilsonInterval', () => {
  it('holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (count, seed, confidence) => {
          const hits = seed % (count + 1)
          const { rate, low, high } = wilsonInterval(hits, count, confidence)
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(low).toBeLessThanOrEqual(rate)
          expect(high).toBeGreaterThanOrEqual(rate)
          const mirrored = wilsonInterval(count - hits, count, confidence)
          expect(mirrored.low).toBeCloseTo(1 - high, 12)
        },
      ),
    )
  })
})

describe('costOptimalThreshold', () => {
  const costs = { miss: 10, falseAlarm: 1, badShare: 0.1 }

  it('stands in the middle of the gap where good and bad are apart', () => {
    expect(costOptimalThreshold([1, 2, 3], [7, 8], costs)).toEqual({ threshold: 5, cost: 0, missRate: 0, falseAlarmRate: 0 })
  })

  it('follows the costs: dear misses lower it, dear false alarms raise it', () => {
    const good = [1, 2, 3, 6]
    const bad = [4, 7, 8]
    const low = costOptimalThreshold(good, bad, { miss: 1000, falseAlarm: 1, badShare: 0.5 })
    const high = costOptimalThreshold(good, bad, { miss: 1, falseAlarm: 1000, badShare: 0.5 })
    expect(low).toMatchObject({ missRate: 0, falseAlarmRate: 0.25 })
    expect(high).toMatchObject({ missRate: 1 / 3, falseAlarmRate: 0 })
  })

  it('costs no more than any other threshold', () => {
    const cost = fc.double({ min: 0.01, max: 100, noNaN: true })
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(scores, scores, cost, cost, share, score, (good, bad, miss, falseAlarm, badShare, other) => {
        const asked = { miss, falseAlarm, badShare }
        expect(costOptimalThreshold(good, bad, asked).cost).toBeLessThanOrEqual(costAt(other, good, bad, asked).cost + 1e-9)
      }),
    )
  })

  it('judges each fold by a threshold of the others', () => {
    const fold = (values: readonly number[]) => values.map((value, index) => ({ score: value, fold: index % 2 }))
    // Each fold has one outlier; a threshold that saw it would spare it.
    expect(crossFittedCost(fold([1, 9, 2, 1]), fold([12, 12, 3, 12]), { miss: 1, falseAlarm: 1, badShare: 0.5 })).toEqual({
      missRate: 0.25,
      falseAlarmRate: 0.25,
      cost: 0.25,
    })
  })

  it('says nothing where a fold leaves nobody to choose by', () => {
    expect(crossFittedCost([{ score: 1, fold: 0 }], [{ score: 2, fold: 1 }], costs)).toBeNull()
  })

  it.each([
    [{ ...costs, miss: 0 }, 'the cost of a miss'],
    [{ ...costs, falseAlarm: -1 }, 'the cost of a false alarm'],
    [{ ...costs, badShare: 1 }, 'the share of bad parts 1'],
  ])('refuses %j', (asked, message) => {
    expect(() => costOptimalThreshold([1], [2], asked)).toThrow(message)
  })
})

describe('rankSumTest', () => {
  it('is symmetric, and blind to any rising change of scale', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(values, values, (first, second) => {
        const test = rankSumTest(first, second)
        const swapped = rankSumTest(second, first)
        expect(swapped.superiority).toBeCloseTo(1 - test.superiority, 12)
        expect(swapped.pValue).toBeCloseTo(test.pValue, 12)
        expect(
          rankSumTest(
            first.map((value) => value ** 3),
            second.map((value) => value ** 3),
          ),
        ).toEqual(test)
      }),
    )
  })

  it('finds no difference between equal constants', () => {
    expect(rankSumTest([1, 1, 1], [1, 1])).toEqual({ superiority: 0.5, pValue: 1 })
  })
})
