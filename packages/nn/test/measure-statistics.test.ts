import { describe, expect, it } from 'vitest'
import {
  createUNet,
  measureStatistics,
  normalInitialization,
  openTensorEngine,
  uNetParameters,
  type UNetArchitecture,
} from '../src/index.ts'
import { uniform } from './support/formula-weights.ts'

const TINY: UNetArchitecture = {
  inputChannels: 3,
  encoder: [
    { name: 'down1', channels: [4] },
    { name: 'down2', channels: [4] },
  ],
  decoder: [{ up: { name: 'up', channels: 4 }, block: { name: 'block', channels: [4] } }],
  skips: true,
  output: { name: 'output', channels: 1 },
}

/** Batches with means and contrasts of their own. */
const batch = (index: number): Float32Array => uniform(2 * 8 * 8 * 3, index + 1, 1 + index).map((value) => value + index)

function seeded(): { normal: () => number; uniform: () => number } {
  let place = 0
  const next = (): number => (place = (place + 0.618_033_988_75) % 1)
  return { normal: () => 2 * next() - 1, uniform: next }
}

describe.each(['onnxruntime', 'wasm'] as const)('measured statistics, %s', (engine) => {
  it('are the mean of those of the batches, whatever they were before', async () => {
    const tf = await openTensorEngine({ engine })
    const network = createUNet(tf, TINY, normalInitialization(uNetParameters(TINY), seeded()), 'trainable')
    const { statistics } = network.parameters
    const read = (): Promise<readonly number[][]> => Promise.all([...statistics.values()].map(async (one) => [...(await one.data())]))
    const measure = async (batches: readonly number[], signal = new AbortController().signal): Promise<readonly number[][]> => {
      await measureStatistics({
        tf,
        statistics,
        batches: batches.length,
        load: (place) => Promise.resolve({ pictures: { shape: [2, 8, 8, 3], data: batch(batches[place] ?? Number.NaN) } }),
        forward: ({ pictures }) => network.forward(tf.reshape(pictures, [2, 8, 8, 3]), 'training'),
        signal,
      })
      return read()
    }
    const fresh = await read()
    expect(await measure([])).toEqual(fresh)
    const [first, second, third] = [await measure([0]), await measure([1]), await measure([2])]
    expect(first).not.toEqual(second)
    const all = await measure([0, 1, 2])
    for (const [place, values] of all.entries())
      for (const [channel, value] of values.entries()) {
        const mean = (first[place][channel] + second[place][channel] + third[place][channel]) / 3
        expect(Math.abs(value - mean)).toBeLessThan(1e-5 * (1 + Math.abs(mean)))
      }
    const reason = new Error('enough')
    await expect(measure([0], AbortSignal.abort(reason))).rejects.toBe(reason)
    network.dispose()
  })

  it('are what the batch was normalised with: inference on it gives what training gives', async () => {
    const tf = await openTensorEngine({ engine })
    const network = createUNet(tf, TINY, normalInitialization(uNetParameters(TINY), seeded()), 'trainable')
    const run = async (mode: 'training' | 'inference'): Promise<Float32Array> => {
      const output = tf.tidy(() => network.forward(tf.tensor4d(batch(0), [2, 8, 8, 3]), mode))
      const data = Float32Array.from(await output.data())
      output.dispose()
      return data
    }
    const difference = async (): Promise<number> => {
      const [training, inference] = [await run('training'), await run('inference')]
      return Math.max(...training.map((value, place) => Math.abs(value - inference[place])))
    }
    const { statistics } = network.parameters
    const before = await difference()
    await measureStatistics({
      tf,
      statistics,
      batches: 1,
      load: () => Promise.resolve({ pictures: { shape: [2, 8, 8, 3], data: batch(0) } }),
      forward: ({ pictures }) => network.forward(tf.reshape(pictures, [2, 8, 8, 3]), 'training'),
      signal: new AbortController().signal,
    })
    expect(await difference()).toBeLessThan(before / 3)
    network.dispose()
  })
})
