import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchNormTraining, engineCounters, registerOnnxRuntimeBackend, resetEngineCounters, sync } from '../src/index.ts'
import { adam } from './support/optimizers.ts'
import { FILTER, parameter } from './support/uniform.ts'

describe('a long training', () => {
  beforeAll(async () => {
    await registerOnnxRuntimeBackend(tf, { threads: 1 })
    await tf.setBackend('onnxruntime')
  })

  it('keeps its memory over 2,000 steps with a last batch of another size in every epoch', async () => {
    resetEngineCounters()
    const w1 = parameter(1, [16, 3, 3, 3], 0.3, FILTER)
    const [scale, offset] = [parameter(2, [16], 0.1, undefined, 1), parameter(3, [16], 0.1)]
    const w2 = parameter(4, [4, 16], 0.3, [1, 0])
    const train = adam([w1, scale, offset, w2], { rate: 1e-3, decay: 0 })
    const resident: number[] = []
    let held = 0
    for (let step = 1; step <= 2000; step++) {
      const count = step % 10 === 0 ? 5 : 8
      const value = tf.tidy(() => {
        const x = tf.randomUniform([count, 32, 32, 3], -1, 1, 'float32') as Tensor4D
        return train(() => {
          const hidden = tf.relu(
            batchNormTraining(
              tf.conv2d(x, w1 as unknown as Tensor4D, 1, 'same'),
              scale as unknown as tf.Tensor1D,
              offset as unknown as tf.Tensor1D,
            ).result,
          )
          return tf.mean(tf.square(tf.matMul(tf.mean(tf.maxPool(hidden, 2, 2, 'valid'), [1, 2]) as Tensor2D, w2 as unknown as Tensor2D)))
        })
      })
      await sync([value])
      value.dispose()
      if (step === 20) held = engineCounters().liveBuffers
      if (step % 200 === 0) resident.push(process.memoryUsage().rss / 1e6)
    }
    const { compiledPlans, cachedPlans, cacheHits, pendingNodes, liveBuffers } = engineCounters()
    process.stderr.write(`resident memory every 200 steps: ${resident.map((megabytes) => megabytes.toFixed(0)).join(', ')} MB\n`)
    // The first step still draws its weights; then each batch size is compiled twice, the second time with the scalars that change as inputs.
    expect({ compiledPlans, cachedPlans, cacheHits, pendingNodes, liveBuffers }).toEqual({
      compiledPlans: 5,
      cachedPlans: 3,
      cacheHits: 1995,
      pendingNodes: 0,
      liveBuffers: held,
    })
    // One batch kept per step would be 190 MB by the end; the test runner itself grows by some.
    expect((resident.at(-1) ?? 0) / (resident[3] ?? 1)).toBeLessThan(1.25)
  })
})
