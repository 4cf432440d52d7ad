import { expect, it } from 'vitest'
import { createOptimizer, openTensorEngine, train } from '../src/index.ts'

it('batches that have been trained on do not stay in memory', async () => {
  const tf = await openTensorEngine()
  const [steps, floats] = [100, 1_000_000]
  const variable = tf.variable(tf.scalar(1))
  const before = process.memoryUsage().arrayBuffers
  await train({
    tf,
    optimizer: createOptimizer(tf, [{ variables: new Map([['scale', variable]]), settings: { kind: 'sgd', learningRate: 0 } }]),
    epochs: 1,
    sampleCount: steps,
    batchSize: 1,
    lastBatch: 'keep',
    shuffle: null,
    load: ({ step }) => Promise.resolve({ values: { shape: [floats], data: new Float32Array(floats).fill(step) } }),
    loss: ({ values }) => ({ total: tf.mean(tf.mul(values, variable)), parts: {} }),
    signal: new AbortController().signal,
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((steps / 2) * floats * 4)
})
