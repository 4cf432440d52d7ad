import { createRandomSource, type ImageBatch, type TrainableBackbone, type TrainableRequest } from '@im-iad/core'
import { openTensorEngine, syncTensors, type TensorEngine } from '@im-iad/nn'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import embedded from '../src/index.ts'
import { openEmbeddedBackbone } from '../src/open-embedded-backbone.ts'
import { picture, referencePattern } from './picture.ts'

const random = createRandomSource(0, 'test')

async function openForm(change: Partial<TrainableRequest> = {}): Promise<TrainableBackbone<Tensor4D> | null> {
  const request = { start: 'frozen', random: random.stream('unused'), strides: [16], ...change } as const
  return ((await embedded.train?.({ weightsFile: null, threads: 1 }, request)) ?? null) as TrainableBackbone<Tensor4D> | null
}

let tf: TensorEngine
let network: TrainableBackbone<Tensor4D>
beforeAll(async () => {
  tf = await openTensorEngine({ engine: 'onnxruntime' })
  network = (await openForm()) as TrainableBackbone<Tensor4D>
})

const tensorOf = ({ count, height, width }: ImageBatch, values: ArrayLike<number>): Tensor4D =>
  tf.tensor4d(Float32Array.from(values), [count, height, width, 3])

describe('the embedded backbone in the tensor engine', () => {
  it.each([
    [256, 256],
    [96, 64],
    [16, 48],
  ])('has the features of the frozen one for %ix%i', async (width, height) => {
    const batch = picture(width, height, referencePattern)
    const extractor = await openEmbeddedBackbone({ threads: 1 })
    const expected = await extractor.extract(batch, [4, 8, 16])
    const levels = network.forward(tensorOf(batch, batch.pixels), 'inference')
    await syncTensors(tf, levels)
    for (const [index, { level, height: rows, width: columns, data }] of expected.entries()) {
      expect(levels[index].shape).toEqual([1, rows, columns, level.channels])
      const found = await levels[index].data()
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const worst = data.reduce((most, value, place) => Math.max(most, Math.abs(value - found[place])), 0)
      expect(worst / largest).toBeLessThan(1e-4)
    }
    await extractor.dispose()
  })

  it('has the gradient by the pixels that differences of its features have', async () => {
    const batch = picture(64, 48, referencePattern)
    const draws = random.stream('directions')
    const [features] = network.forward(tensorOf(batch, batch.pixels), 'inference').slice(2)
    const weights = tf.tensor4d(
      Float32Array.from({ length: features.size }, () => draws.normal()),
      features.shape,
    )
    const value = (images: Tensor4D): Tensor4D => tf.mul(network.forward(images, 'inference')[2], weights)
    const gradient = await tf.tidy(() => tf.grad((images) => tf.sum(value(images as Tensor4D)))(tensorOf(batch, batch.pixels))).data()
    /** Summed in float64. */
    const at = async (direction: readonly number[], step: number): Promise<number> => {
      const moved = tensorOf(
        batch,
        Array.from(batch.pixels, (pixel, index) => pixel + step * direction[index]),
      )
      return Float64Array.from(await tf.tidy(() => value(moved)).data()).reduce((sum, each) => sum + each, 0)
    }
    for (let repeat = 0; repeat < 5; repeat++) {
      const direction = Array.from(batch.pixels, () => draws.normal())
      const slope = direction.reduce((sum, each, index) => sum + each * gradient[index], 0)
      const difference = async (step: number): Promise<number> => ((await at(direction, step)) - (await at(direction, -step))) / (2 * step)
      // Extrapolated to fourth order.
      const expected = (4 * (await difference(0.1)) - (await difference(0.2))) / 3
      expect(Math.abs(slope / expected - 1)).toBeLessThan(1e-2)
    }
  })

  it('has finite gradients for a constant picture', async () => {
    const grey = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(128), [1, 32, 32, 3])
    const gradient = await tf.tidy(() => tf.grad((images) => tf.sum(network.forward(images as Tensor4D, 'inference')[2]))(grey)).data()
    expect(gradient.every(Number.isFinite)).toBe(true)
  })

  it('has nothing to train, and names the strides that it has', async () => {
    expect([network.variables.size, network.statistics.size]).toEqual([0, 0])
    expect(await openForm({ start: 'pretrained' })).toBeNull()
    expect(await openForm({ start: 'random' })).toBeNull()
    expect((await openForm({ strides: [8] }))?.levels.map(({ stride }) => stride)).toEqual([4, 8])
    await expect(openForm({ strides: [2] })).rejects.toThrow('no level of stride 2')
  })
})
