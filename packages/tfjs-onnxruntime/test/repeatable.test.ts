import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { adamStep, engineCounters, filterTensor, freeze, repeatable, resetEngineCounters } from '../src/index.ts'
import { openEngines } from './support/compare.ts'

const numbers = async (tensor: Tensor): Promise<number[]> => [...(await tensor.data())]

describe('a repeatable function', () => {
  beforeAll(openEngines)

  const weights = (): Tensor2D => {
    const made = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])
    freeze([made])
    return made
  }

  it('is written down once for a shape, and gives the results of its argument', async () => {
    const filter = weights()
    const compute = vi.fn<(x: Tensor2D) => readonly Tensor[]>((x) => {
      const hidden = tf.relu(tf.matMul(x, filter))
      return [hidden, tf.sub(hidden, 1)]
    })
    const repeated = repeatable(compute)
    for (const rows of [
      [[1, -1]],
      [[2, 1]],
      [[0, 3]],
      [
        [1, 0],
        [0, 1],
      ],
    ]) {
      const x = tf.tensor2d(rows)
      const direct = compute(x)
      const results = repeated(x)
      for (const [index, result] of results.entries()) expect(await numbers(result)).toEqual(await numbers(direct[index]))
    }
    // Four times by this test, and once for each of two shapes.
    expect(compute).toHaveBeenCalledTimes(6)
  })

  it('uses the graph that was compiled before', async () => {
    const filter = weights()
    const repeated = repeatable((x: Tensor2D) => [tf.matMul(x, filter)])
    resetEngineCounters()
    for (const value of [2, 3, 4]) await numbers(repeated(tf.tensor2d([[value, value]]))[0])
    expect(engineCounters()).toMatchObject({ compiledPlans: 1, cacheHits: 2 })
  })

  it('takes a value that is still to be computed', async () => {
    const repeated = repeatable((x: Tensor2D) => [tf.add(x, 1)])
    for (const value of [2, 3]) expect(await numbers(repeated(tf.mul(tf.tensor2d([[value, 0]]), 2))[0])).toEqual([2 * value + 1, 1])
  })

  it('is called every time where variables or gradients come in', async () => {
    const variable = tf.variable(tf.tensor2d([[1, 1]]))
    const repeated = repeatable((x: Tensor2D) => [tf.mul(x, variable)])
    for (const value of [2, 3]) {
      variable.assign(tf.tensor2d([[value, 5]]))
      const x = tf.tensor2d([[2, 1]])
      expect(await numbers(repeated(x)[0])).toEqual([2 * value, 5])
      expect(await numbers(tf.grad((given) => tf.sum(repeated(given as Tensor2D)[0]))(x))).toEqual([value, 5])
    }
  })
})

describe('a step of Adam', () => {
  beforeAll(openEngines)

  it('is that of its formula, on every backend', async () => {
    for (const backend of ['onnxruntime', 'cpu']) {
      await tf.setBackend(backend)
      const { variable, first, second } = adamStep(
        {
          variable: tf.tensor1d([1, 2]),
          gradient: tf.tensor1d([0.5, -2]),
          first: tf.tensor1d([0.1, 0.2]),
          second: tf.tensor1d([0.04, 0.01]),
          rate: tf.tensor1d([0.1]),
          epsilon: tf.tensor1d([0.001]),
        },
        [0.9, 0.99],
      )
      const [m, v] = [
        [0.9 * 0.1 + 0.1 * 0.5, 0.9 * 0.2 - 0.1 * 2],
        [0.99 * 0.04 + 0.01 * 0.25, 0.99 * 0.01 + 0.01 * 4],
      ]
      const expected = [1, 2].map((start, index) => start - (0.1 * m[index]) / (Math.sqrt(v[index]) + 0.001))
      for (const [tensor, values] of [
        [variable, expected],
        [first, m],
        [second, v],
      ] as const)
        for (const [index, value] of (await numbers(tensor)).entries()) expect(value).toBeCloseTo(values[index], 6)
    }
    await tf.setBackend('onnxruntime')
  })
})

describe('a filter in the order of PyTorch', () => {
  beforeAll(openEngines)

  it('is the same tensor on every backend', async () => {
    const elements = Float32Array.from({ length: 24 }, (_, index) => index)
    const seen: number[][] = []
    for (const backend of ['onnxruntime', 'cpu']) {
      await tf.setBackend(backend)
      const filter = filterTensor(elements, [2, 3, 4, 1])
      expect(filter.shape).toEqual([4, 1, 3, 2])
      seen.push(await numbers(filter), await numbers(tf.mul(filter, 2)))
    }
    await tf.setBackend('onnxruntime')
    expect(seen[0].slice(0, 6)).toEqual([0, 12, 4, 16, 8, 20])
    expect(seen.slice(2)).toEqual(seen.slice(0, 2))
  })

  it('has four axes', () => expect(() => filterTensor(new Float32Array(4), [2, 2])).toThrow('a filter has four axes, not [2, 2]'))
})
