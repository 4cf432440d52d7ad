import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters, registerOnnxRuntimeBackend, resetEngineCounters, sync } from '../src/index.ts'
import { convolutional, flow, transformer, type SmallNetwork } from './support/networks.ts'

interface Fixture {
  readonly torch: string
  readonly losses: Readonly<Record<string, readonly number[]>>
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/training-losses.json', import.meta.url), 'utf8')) as Fixture

const NETWORKS: Readonly<Record<string, { readonly twin: string; readonly build: () => SmallNetwork }>> = {
  'a convolutional network with batch norm in one kernel': { twin: 'convolutional', build: () => convolutional('kernel') },
  'a convolutional network with batch norm from primitives': { twin: 'convolutional', build: () => convolutional('composed') },
  'an affine-coupling flow': { twin: 'flow', build: flow },
  'a spatial transformer': { twin: 'transformer', build: transformer },
}

describe('training, against PyTorch from the same start (fixtures made by scripts/make-training-fixtures.py)', () => {
  beforeAll(async () => {
    await registerOnnxRuntimeBackend(tf, { threads: 2 })
    await tf.setBackend('onnxruntime')
  })

  it.each(Object.entries(NETWORKS))('%s: 20 losses within 1e-4', async (_, { twin, build }) => {
    resetEngineCounters()
    const { train, loss } = build()
    const losses: number[] = []
    for (let step = 0; step < 20; step++) {
      const value = train(() => loss(step))
      await sync([value])
      losses.push((await value.data())[0] ?? Number.NaN)
      value.dispose()
    }
    const expected = fixture.losses[twin] ?? []
    const worst = Math.max(...losses.map((value, step) => Math.abs(value / (expected[step] ?? Number.NaN) - 1)))
    expect(worst).toBeLessThan(1e-4)
    expect(engineCounters().fallbacks).toEqual({})
  })
})
