import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters } from '../src/index.ts'
import { booleans, floats, integers, shapes } from './support/arbitrary.ts'
import { expectSame, openEngines } from './support/compare.ts'

type Reduction = (x: tf.Tensor, axes: number[] | undefined, keep: boolean) => tf.Tensor

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  logSumExp: (x, axes, keep) => tf.logSumExp(x, axes, keep),
  max: tf.max,
  mean: tf.mean,
  min: tf.min,
  norm: (x, axes, keep) => tf.norm(x, 'euclidean', axes?.slice(0, 2), keep),
  prod: tf.prod,
  sum: tf.sum,
  variance: (x, axes, keep) => tf.moments(x, axes, keep).variance,
}

const alongOneAxis: Readonly<Record<string, (x: tf.Tensor, axis: number) => tf.Tensor>> = {
  argMax: (x, axis) => tf.argMax(x, axis),
  argMin: (x, axis) => tf.argMin(x, axis),
  cumsum: (x, axis) => tf.cumsum(x, axis),
  cumsumExclusive: (x, axis) => tf.cumsum(x, axis, true, false),
  cumsumReverse: (x, axis) => tf.cumsum(x, axis, false, true),
}

/** Some of the axes, or none named. */
const axesOf = (rank: number): fc.Arbitrary<number[] | undefined> =>
  fc.option(
    fc.subarray(
      Array.from({ length: rank }, (_, axis) => axis),
      { minLength: 1 },
    ),
    { nil: undefined },
  )

describe('reductions, against tfjs cpu', () => {
  beforeAll(openEngines)

  it.each(Object.entries(REDUCTIONS))('%s', async (_, compute) => {
    const inputs = shapes(1, 4).chain((shape) => fc.record({ x: floats(shape), axes: axesOf(shape.length), keep: fc.boolean() }))
    await fc.assert(
      fc.asyncProperty(inputs, ({ x, axes, keep }) => expectSame([x], (tensor) => compute(tensor, axes, keep))),
      { numRuns: 12 },
    )
  })

  it.each(Object.entries(alongOneAxis))('%s', async (_, compute) => {
    const inputs = shapes(1, 4).chain((shape) => fc.record({ x: floats(shape), axis: fc.nat(shape.length - 1) }))
    await fc.assert(
      fc.asyncProperty(inputs, ({ x, axis }) => expectSame([x], (tensor) => compute(tensor, axis))),
      { numRuns: 12 },
    )
  })

  it('softmax, logSoftmax and topk', async () => {
    const inputs = shapes(1, 4).chain((shape) => fc.record({ x: floats(shape), k: fc.integer({ min: 1, max: shape.at(-1) ?? 1 }) }))
    await fc.assert(
      fc.asyncProperty(inputs, ({ x, k }) =>
        expectSame([x], (tensor) => {
          const { values, indices } = tf.topk(tensor, k)
          return [tf.softmax(tensor), tf.logSoftmax(tensor), values, indices]
        }),
      ),
      { numRuns: 15 },
    )
  })

  it('all, any, and sums of integers and booleans', async () => {
    const inputs = shapes(1, 3).chain((shape) => fc.tuple(booleans(shape), integers(shape, -5, 5)))
    await fc.assert(
      fc.asyncProperty(inputs, (given) =>
        expectSame(given, (mask, counts) => [
          tf.all(mask, 0),
          tf.any(mask, 0),
          tf.sum(mask),
          tf.sum(counts, 0),
          tf.max(counts),
          tf.mean(counts),
        ]),
      ),
      { numRuns: 12 },
    )
    expect(engineCounters().fallbacks).toEqual({})
  })
})
