import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { binomialCumulative } from '../src/binomial-distribution.ts'
import { boundedRate, falseRejectRank, rankSumTest, wilsonInterval } from '../src/index.ts'
import { normalQuantile, normalTail } from '../src/normal-distribution.ts'

interface References {
  readonly normal: readonly [z: number, tail: number][]
  readonly quantiles: readonly [probability: number, z: number][]
  readonly binomial: readonly [k: number, n: number, p: number, cumulative: number][]
  readonly ranks: readonly [count: number, rate: number, confidence: number, rank: number][]
  readonly bounds: readonly [count: number, rank: number, confidence: number, rate: number][]
  readonly wilson: readonly [hits: number, count: number, confidence: number, low: number, high: number][]
  readonly tests: readonly { readonly first: number[]; readonly second: number[]; readonly u: number; readonly pValue: number }[]
}

/** Made by fixtures/make-references.py with SciPy and statsmodels. */
const references = JSON.parse(readFileSync(new URL('fixtures/references.json', import.meta.url), 'utf8')) as References

const relative = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300)

describe('against SciPy and statsmodels', () => {
  it.each(references.normal)('normal tail of %f', (z, tail) => expect(relative(normalTail(z), tail)).toBeLessThan(1e-12))
  it.each(references.quantiles)('normal quantile of %f', (probability, z) => expect(normalQuantile(probability)).toBeCloseTo(z, 9))
  it.each(references.binomial)('P(X <= %i) of binomial(%i, %f)', (k, n, p, cumulative) =>
    expect(relative(binomialCumulative(k, n, p), cumulative)).toBeLessThan(1e-9),
  )
  it.each(references.ranks)('rank of %i pictures for %f at %f', (count, rate, confidence, rank) =>
    expect(falseRejectRank(count, { rate, confidence })).toBe(rank),
  )
  it.each(references.bounds)('rate that %i pictures keep by rank %i at %f', (count, rank, confidence, rate) =>
    expect(boundedRate(count, rank, confidence)).toBeCloseTo(rate, 10),
  )
  it.each(references.wilson)('Wilson interval of %i of %i at %f', (hits, count, confidence, low, high) => {
    const interval = wilsonInterval(hits, count, confidence)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
  })
  it.each(references.tests.map((test, index) => [index, test] as const))('rank-sum test %i', (_, { first, second, u, pValue }) => {
    const test = rankSumTest(first, second)
    expect(test.superiority).toBeCloseTo(u / (first.length * second.length), 12)
    expect(relative(test.pValue, pValue)).toBeLessThan(1e-10)
  })
})
