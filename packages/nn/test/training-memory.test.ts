import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createOptimizer, openTensorEngine, train } from '../src/index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

it('a training lets go of the batches that it is done with', async () => {
  const tf = await openTensorEngine({ engine: 'wasm' })
  const weight = tf.variable(tf.ones([4]))
  const loaded: WeakRef<Float32Array>[] = []
  let alive = 0
  await train({
    tf,
    optimizer: createOptimizer(tf, [{ variables: new Map([['weight', weight]]), settings: { kind: 'sgd', learningRate: 0.01 } }]),
    epochs: 1,
    sampleCount: 30,
    batchSize: 1,
    lastBatch: 'keep',
    shuffle: null,
    load: () => {
      const data = new Float32Array(4)
      loaded.push(new WeakRef(data))
      return Promise.resolve({ values: { shape: [4], data } })
    },
    loss: ({ values }) => tf.sum(tf.mul(weight, values)),
    onStep({ step }) {
      if (step !== 29) return
      collectGarbage()
      alive = loaded.filter((batch) => batch.deref() !== undefined).length
    },
    signal: new AbortController().signal,
  })
  // What is loaded ahead, and what the last turns of the event loop still hold.
  expect(alive).toBeLessThan(10)
  weight.dispose()
})
