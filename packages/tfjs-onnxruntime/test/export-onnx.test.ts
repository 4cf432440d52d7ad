import { GraphBuilder, openSession } from '@im-iad/onnx'
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchNormTraining, exportOnnx, gridSample, type NamedTensors } from '../src/index.ts'
import { expectClose, openEngines } from './support/compare.ts'
import { drawn } from './support/uniform.ts'

/** Runs a function on the engine and as an exported model; both must agree. */
async function expectSameExported(compute: (inputs: NamedTensors) => NamedTensors, inputs: NamedTensors): Promise<Uint8Array> {
  const model = exportOnnx(compute, inputs)
  const session = await openSession(model, { threads: 1 })
  const feeds = Object.fromEntries(
    await Promise.all(
      Object.entries(inputs).map(
        async ([name, tensor]) => [name, { shape: tensor.shape, data: (await tensor.data()) as Float32Array }] as const,
      ),
    ),
  )
  const results = await session.run(feeds)
  const expected = tf.tidy(() => ({ ...compute(inputs) })) as NamedTensors
  expect([...results.keys()]).toEqual(Object.keys(expected))
  for (const [name, { data, shape }] of results) {
    expect(shape).toEqual(expected[name]?.shape)
    expectClose([...data], [...((await expected[name]?.data()) ?? [])], 1e-5)
  }
  await session.dispose()
  return model
}

describe('exportOnnx', () => {
  beforeAll(openEngines)

  it('writes a network with its weights, from pixels to a map and a score', async () => {
    const filter = tf.variable(drawn(1, [3, 3, 3, 8], 0.3)) as Tensor as Tensor4D
    const [scale, offset] = [drawn(2, [8], 0.1, undefined, 1), drawn(3, [8], 0.1)] as [Tensor1D, Tensor1D]
    const model = await expectSameExported(
      ({ image }) => {
        const features = tf.relu(
          tf.batchNorm(tf.conv2d(image as Tensor4D, filter, 2, 'same'), offset, tf.square(scale) as Tensor1D, offset, scale),
        )
        const map = tf.image.resizeBilinear(
          tf.sum(tf.square(tf.maxPool(features, 3, 1, 'same')), 3, true) as Tensor4D,
          [16, 12],
          false,
          true,
        )
        return { map, score: tf.max(map, [1, 2, 3]) }
      },
      { image: drawn(4, [2, 16, 12, 3], 1) },
    )
    expect(new TextDecoder('latin1').decode(model)).not.toContain('com.microsoft')
  })

  it('needs no operator of ONNX Runtime for gradients and products either', async () => {
    const model = await expectSameExported(
      ({ x, w }) => {
        const gradient = tf.grad((filter: Tensor) =>
          tf.sum(batchNormTraining(tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'), tf.ones([9]), tf.zeros([9])).result),
        )
        return {
          gradient: gradient(w as Tensor),
          product: tf.matMul(tf.reshape(x as Tensor, [10, -1]), tf.reshape(x as Tensor, [10, -1]), false, true),
        }
      },
      { x: drawn(5, [2, 5, 5, 8], 1), w: drawn(6, [3, 3, 8, 9], 1) },
    )
    expect(new TextDecoder('latin1').decode(model)).not.toContain('com.microsoft')
  })

  it('declares inputs that nothing uses, and gives inputs and constants back', async () => {
    await expectSameExported(({ a }) => ({ same: a as Tensor, one: tf.scalar(1) }), { a: drawn(7, [3], 1), unused: drawn(8, [2], 1) })
  })

  it('takes other batches than the example inside another graph, where pictures come by planes', async () => {
    const filter = drawn(12, [3, 3, 3, 2], 0.3) as Tensor4D
    const compute = ({ planes }: NamedTensors): NamedTensors => ({
      features: tf.conv2d(tf.transpose(planes as Tensor4D, [0, 2, 3, 1]), filter, 1, 'same'),
    })
    const graph = new GraphBuilder('any batch')
    const model = exportOnnx(compute, { planes: drawn(13, [1, 3, 5, 4], 1) })
    const [features] = graph.embed(model, { planes: graph.input('planes', ['n', 3, 5, 4]) }, ['features'])
    graph.output('features', features, ['n', 5, 4, 2])
    const session = await openSession(graph.build(), { threads: 1 })
    const planes = drawn(14, [2, 3, 5, 4], 1)
    const results = await session.run({ planes: { shape: planes.shape, data: (await planes.data()) as Float32Array } })
    expect(results.get('features')?.shape).toEqual([2, 5, 4, 2])
    expectClose([...(results.get('features')?.data ?? [])], [...(await (compute({ planes })['features'] as Tensor).data())], 1e-5)
    await session.dispose()
  })

  it('samples by a grid', async () => {
    await expectSameExported(({ image, grid }) => ({ sampled: gridSample(image as Tensor4D, grid as Tensor4D) }), {
      image: drawn(9, [2, 5, 6, 3], 1),
      grid: drawn(10, [2, 3, 3, 2], 1.2),
    })
  })

  it('refuses another engine, and a name that is taken', async () => {
    const x = drawn(11, [2], 1)
    expect(() => exportOnnx(({ x: given }) => ({ x: given as Tensor }), { x })).toThrow(/"x" names an input and an output[^]*fix:/)
    await tf.setBackend('cpu')
    expect(() => exportOnnx(({ x: given }) => ({ y: given as Tensor }), { x })).toThrow(/the engine "cpu"/)
    await tf.setBackend('onnxruntime')
  })
})
