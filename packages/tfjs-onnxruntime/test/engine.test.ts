import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineCounters, freeze, registerOnnxRuntimeBackend, resetEngineCounters, sync } from '../src/index.ts'
import { drawn } from './support/uniform.ts'

const read = async (tensor: Tensor): Promise<number[]> => [...(await tensor.data())]

describe('the lazy engine', () => {
  beforeEach(async () => {
    await registerOnnxRuntimeBackend(tf, { threads: 1, cacheSize: 3 })
    await tf.setBackend('onnxruntime')
    tf.engine().startScope()
    resetEngineCounters()
  })
  afterEach(() => tf.engine().endScope())

  it('computes nothing until something is read, and then all of it in one graph', async () => {
    const x = tf.tensor1d([1, 2, 3])
    const y = tf.tidy(() => tf.sum(tf.square(tf.add(x, 1))))
    expect(engineCounters()).toMatchObject({ compiledPlans: 0, pendingNodes: 1 })
    expect(await read(y)).toEqual([29])
    expect(engineCounters()).toMatchObject({ compiledPlans: 1, pendingNodes: 0 })
  })

  it('computes what is held on the way for good', async () => {
    const x = tf.tensor1d([1, 2, 3])
    const squares = tf.square(x)
    await sync([tf.sum(squares)])
    expect(engineCounters()).toMatchObject({ compiledPlans: 1, pendingNodes: 0 })
    expect([...squares.dataSync()]).toEqual([1, 4, 9])
  })

  it('keeps what pending values need when its tensor is disposed', async () => {
    const x = tf.tensor1d([1, 2])
    const y = tf.mul(x, 3)
    x.dispose()
    expect(await read(y)).toEqual([3, 6])
  })

  it('runs a graph of known structure without compiling it again', async () => {
    for (let index = 0; index < 5; index++) expect(await read(tf.mul(tf.tensor1d([index, 1]), 3))).toEqual([3 * index, 3])
    expect(engineCounters()).toMatchObject({ compiledPlans: 1, cacheHits: 4, cachedPlans: 1 })
  })

  it('feeds scalars from the moment that they change', async () => {
    for (let index = 0; index < 5; index++) expect(await read(tf.mul(tf.tensor1d([1, 2]), tf.scalar(index)))).toEqual([index, 2 * index])
    expect(engineCounters()).toMatchObject({ compiledPlans: 2, cacheHits: 3, cachedPlans: 1 })
  })

  it('tells graphs apart by attributes, shapes, types and who uses what', async () => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ])
    const y = tf.tensor2d([
      [5, 6],
      [7, 8],
    ])
    expect(await read(tf.sum(x, 0))).toEqual([4, 6])
    expect(await read(tf.sum(x, 1))).toEqual([3, 7])
    expect(await read(tf.sub(x, y))).toEqual([-4, -4, -4, -4])
    expect(await read(tf.sub(y, x))).toEqual([4, 4, 4, 4])
    expect(await read(tf.sub(x, x))).toEqual([0, 0, 0, 0])
    expect(await read(tf.clipByValue(x, Number.NEGATIVE_INFINITY, 2))).toEqual([1, 2, 2, 2])
    expect(await read(tf.clipByValue(x, 2, Number.POSITIVE_INFINITY))).toEqual([2, 2, 3, 4])
  })

  it('releases the graphs that were not used for longest', async () => {
    for (let size = 1; size <= 5; size++) await read(tf.add(tf.ones([size]), tf.ones([size])))
    expect(engineCounters()).toMatchObject({ compiledPlans: 5, cachedPlans: 3 })
    await read(tf.add(tf.ones([5]), tf.ones([5])))
    expect(engineCounters()).toMatchObject({ compiledPlans: 5, cacheHits: 1 })
    await read(tf.add(tf.ones([1]), tf.ones([1])))
    expect(engineCounters()).toMatchObject({ compiledPlans: 6, cachedPlans: 3 })
  })

  it('takes waiting variables along, so that a step is one graph', async () => {
    const weight = tf.variable(tf.tensor1d([1, 2]))
    for (let step = 0; step < 4; step++) {
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(weight)), [weight])
        weight.assign(tf.sub(weight, tf.mul(grads[weight.name] as Tensor, 0.25)))
        return value
      })
      await sync([loss])
    }
    expect(engineCounters()).toMatchObject({ compiledPlans: 1, pendingNodes: 0 })
    expect([...weight.dataSync()]).toEqual([1 / 16, 2 / 16])
  })

  it('stores filters as convolutions want them, and reads them as tfjs does', async () => {
    const filter = tf.variable(drawn(1, [3, 2, 4, 5], 1))
    const start = await read(filter)
    const x = drawn(2, [1, 6, 6, 4], 1) as Tensor4D
    filter.assign(tf.tidy(() => tf.add(filter, tf.mul(tf.sum(tf.conv2d(x, filter as Tensor as Tensor4D, 1, 'valid')), 0))))
    expect(await read(filter)).toEqual(start)
  })

  it.each(
    Object.entries({
      sgd: () => tf.train.sgd(0.1),
      momentum: () => tf.train.momentum(0.1, 0.9),
      adam: () => tf.train.adam(0.1),
      rmsprop: () => tf.train.rmsprop(0.1),
    }),
  )("trains with tfjs's own optimiser %s as tfjs cpu does", async (_, create) => {
    const train = async (): Promise<number[]> => {
      const weight = tf.variable(tf.tensor1d([1, -2, 3]))
      const optimizer = create()
      for (let step = 0; step < 4; step++)
        await sync([optimizer.minimize(() => tf.sum(tf.square(tf.sub(weight, 0.5))), true, [weight]) as Tensor])
      return read(weight)
    }
    const actual = await train()
    await tf.setBackend('cpu')
    const expected = await train()
    await tf.setBackend('onnxruntime')
    for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5)
  })

  it('serves calls that overlap one after the other', async () => {
    const x = tf.tensor1d([1, 2, 3])
    const values = [tf.sum(x), tf.max(tf.mul(x, 2)), tf.min(tf.sub(x, 5))]
    expect(await Promise.all(values.map(read))).toEqual([[6], [6], [-4]])
  })

  it('folds frozen tensors into the graph, and tells them apart', async () => {
    const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]
    freeze([a, b])
    for (const x of [1, 2]) expect(await read(tf.mul(tf.tensor1d([x, x]), a))).toEqual([x, 2 * x])
    expect(engineCounters().compiledPlans).toBe(1)
    expect(await read(tf.mul(tf.tensor1d([1, 1]), b))).toEqual([3, 4])
    expect(engineCounters().compiledPlans).toBe(2)
    const pending = tf.add(a, 1)
    freeze([pending])
    expect(await read(tf.mul(tf.tensor1d([1, 1]), pending))).toEqual([2, 3])
    expect(await read(tf.mul(tf.tensor1d([2, 2]), pending))).toEqual([4, 6])
  })

  it('keeps a frozen filter in the layout of its graphs, and gives it back as it was', async () => {
    const numbers = Float32Array.from({ length: 3 * 3 * 16 * 8 }, (_, index) => Math.sin(index))
    const [frozen, plain] = [tf.tensor4d(numbers, [3, 3, 16, 8]), tf.tensor4d(numbers, [3, 3, 16, 8])]
    freeze([frozen])
    for (const size of [4, 6]) {
      const x = tf.tensor4d(
        Float32Array.from({ length: size * size * 16 }, (_, index) => Math.cos(index)),
        [1, size, size, 16],
      )
      const [a, b] = [await read(tf.conv2d(x, frozen, 1, 'same')), await read(tf.conv2d(x, plain, 1, 'same'))]
      for (const [index, value] of a.entries()) expect(value).toBeCloseTo(b[index], 4)
      expect(await read(frozen)).toEqual([...numbers])
      expect(await read(tf.slice(frozen, [1, 0, 0, 0], [1, 1, 1, 3]))).toEqual([...numbers.subarray(3 * 16 * 8, 3 * 16 * 8 + 3)])
    }
  })

  it('runs kernels that it lacks on tfjs cpu, and counts them', async () => {
    const x = tf.tensor1d([1, 2, 3])
    expect(await read(tf.cumprod(x))).toEqual([1, 2, 6])
    const pending = tf.cumprod(tf.add(x, 1))
    expect(engineCounters().fallbacks).toEqual({ Cumprod: 1 })
    expect(await read(tf.add(pending, 1))).toEqual([3, 7, 25])
    expect(engineCounters().fallbacks).toEqual({ Cumprod: 2 })
    const { values, indices } = tf.unique(tf.tensor1d([4, 5, 4]))
    expect(await read(values)).toEqual([4, 5])
    expect(await read(indices)).toEqual([0, 1, 0])
    resetEngineCounters()
    expect(engineCounters().fallbacks).toEqual({})
  })

  it('says what to do where values are needed at once', () => {
    const pending = tf.add(tf.tensor1d([1, 2]), 1)
    expect(() => pending.dataSync()).toThrow(/read synchronously before it was computed[^]*fix: .*await tensor\.data\(\)/)
    expect(() => tf.unique(pending)).toThrow(/Unique can't be recorded[^]*await sync/)
    expect(() => tf.tensor1d(['a', 'b'])).toThrow(/no tensors of type string/)
  })

  it('handles tensors without elements', async () => {
    const none = tf.tensor2d([], [0, 3])
    expect(await read(none)).toEqual([])
    expect((await read(tf.concat([none, tf.ones([2, 3])]))).length).toBe(6)
    expect(await read(tf.mul(none, 2))).toEqual([])
  })

  it('takes memory that is shared between threads', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(8))
    shared.set([1, 2])
    expect(await read(tf.add(tf.tensor1d(shared), 1))).toEqual([2, 3])
  })

  it('moves tensors between backends', async () => {
    const x = tf.mul(tf.tensor1d([1, 2]), 2)
    await sync([x])
    await tf.setBackend('cpu')
    const y = tf.add(x, 1)
    await tf.setBackend('onnxruntime')
    expect(await read(tf.square(y))).toEqual([9, 25])
  })
})
