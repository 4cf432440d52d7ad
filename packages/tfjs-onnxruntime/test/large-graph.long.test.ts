import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters, registerOnnxRuntimeBackend, resetEngineCounters, sync } from '../src/index.ts'
import { crossScaleFlow } from './support/cross-scale-flow.ts'
import { adam } from './support/optimizers.ts'

describe('a large graph', () => {
  beforeAll(async () => {
    await registerOnnxRuntimeBackend(tf, { threads: 2 })
    await tf.setBackend('onnxruntime')
  })

  it('trains a cross-scale flow of 160 convolutions (480 with their gradients), compiled in seconds of computing', async () => {
    resetEngineCounters()
    const { parameters, convolutions, loss } = crossScaleFlow({ blocks: 8, channels: 16, hidden: 32 })
    const train = adam(parameters, { rate: 1e-3, decay: 1e-5 })
    const before = process.memoryUsage().rss
    const losses: number[] = []
    const start = process.cpuUsage()
    let firstStep = 0
    for (let step = 0; step < 6; step++) {
      const value = tf.tidy(() => {
        const [fine, middle, coarse] = [24, 12, 6].map((size) => tf.randomNormal([2, size, size, 16], 0, 1, 'float32', 7) as Tensor4D)
        return train(() => loss([fine, middle, coarse]))
      })
      await sync([value])
      losses.push((await value.data())[0] ?? Number.NaN)
      value.dispose()
      // Seconds of computing, not of waiting for a busy machine.
      if (step === 0) firstStep = (process.cpuUsage(start).user + process.cpuUsage(start).system) / 1e6
    }
    const { compiledPlans, compileSeconds, fallbacks } = engineCounters()
    const grown = (process.memoryUsage().rss - before) / 1e6
    process.stderr.write(
      `cross-scale flow, ${convolutions} convolutions: ${firstStep.toFixed(1)} s of computing in the first step, ${(compileSeconds / compiledPlans).toFixed(1)} s by the clock to compile a graph, ${compiledPlans} graphs, ${grown.toFixed(0)} MB more than before\n`,
    )
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(losses[5]).toBeLessThan(losses[0] ?? 0)
    expect(fallbacks).toEqual({})
    expect(compiledPlans).toBeLessThanOrEqual(2)
    expect(firstStep).toBeLessThan(30)
    expect(grown).toBeLessThan(1500)
  })
})
