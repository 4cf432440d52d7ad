import {
  focalLoss,
  openTensorEngine,
  structuralSimilarity,
  syncTensors,
  train,
  uNetParameters,
  createOptimizer,
  computeGradients,
  type TensorEngine,
} from '@im-iad/nn'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { imageScore } from '../src/image-score.ts'
import { draemLoss } from '../src/loss.ts'
import { networkStatistics, networkVariables, restorerArchitecture, segmenterArchitecture } from '../src/networks.ts'
import { damageMaps } from '../src/predict-maps.ts'
import { COUNT, formulaMasks, formulaNetworks, formulaPictures, SIZE } from './support/formula-networks.ts'
import { seedOf, uniform } from './support/formula-weights.ts'
import { differenceFrom, REFERENCE } from './support/reference.ts'

const ENGINES = ['onnxruntime', 'wasm'] as const

async function read(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data())
}

/** Says what is off. */
function expectClose(what: string, difference: number, limit: number): void {
  expect({ what, difference: difference < limit ? 'small' : difference }).toEqual({ what, difference: 'small' })
}

/** In PyTorch's layout; all of them computed at once. */
async function readGradients(tf: TensorEngine, gradients: ReadonlyMap<string, Tensor | null>): Promise<ReadonlyMap<string, Float32Array>> {
  const turned = [...gradients].flatMap(([name, gradient]) =>
    gradient === null ? [] : [[name, gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient] as const],
  )
  await syncTensors(
    tf,
    turned.map(([, gradient]) => gradient),
  )
  return new Map(await Promise.all(turned.map(async ([name, gradient]) => [name, await read(gradient)] as const)))
}

function alongDirection(name: string, gradient: Float32Array): number {
  const direction = uniform(gradient.length, seedOf(`direction ${name}`))
  return gradient.reduce((sum, value, index) => sum + value * direction[index], 0)
}

describe('the networks', () => {
  it('have as many parameters as the published ones', () => {
    const count = (width: number, make: typeof restorerArchitecture): number =>
      uNetParameters(make(width))
        .filter(({ kind }) => !kind.startsWith('running'))
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
    expect(count(128, restorerArchitecture)).toBe(69_048_579)
    expect(count(64, segmenterArchitecture)).toBe(28_374_146)
  })
})

describe.each(ENGINES)('on the %s engine', (engine) => {
  it.each(['inference', 'training'] as const)('every block of both networks has the values of PyTorch in %s mode', async (mode) => {
    const tf = await openTensorEngine({ engine })
    const { restorer, segmenter } = formulaNetworks(tf, { lifted: mode === 'training' })
    const blocks = new Map<string, Tensor4D>()
    const keep = (name: string, values: Tensor4D): void => void blocks.set(name, tf.keep(values))
    const { shape, data } = formulaPictures(5)
    tf.tidy(() => {
      const pictures = tf.tensor4d(data, [COUNT, SIZE, SIZE, 3])
      const restored = restorer.forward(pictures, mode, keep)
      keep('restored', restored)
      keep('logits', segmenter.forward(tf.concat4d([restored, pictures], 3), mode, keep))
    })
    expect(shape).toEqual([COUNT, SIZE, SIZE, 3])
    await syncTensors(tf, [...blocks.values()])
    expect([...blocks.keys()].toSorted()).toEqual(Object.keys(REFERENCE[mode]).toSorted())
    for (const [name, values] of blocks) expectClose(name, differenceFrom(REFERENCE[mode][name], await read(values)), 1e-4)
    if (mode === 'inference') return
    const all = networkStatistics({ restorer, segmenter })
    for (const [name, expected] of Object.entries(REFERENCE.running)) {
      const values = all.get(name)
      if (values === undefined) throw new Error(`no ${name}`)
      const found = await read(values)
      expected.forEach((value, index) => expect(Math.abs(found[index] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value))))
    }
  })

  it('maps and scores are those of PyTorch', async () => {
    const tf = await openTensorEngine({ engine })
    const networks = formulaNetworks(tf)
    const pixels = formulaPictures(5).data.map((value) => value * 255)
    const maps = await read(tf.tidy(() => damageMaps(tf, networks, tf.tensor4d(pixels, [COUNT, SIZE, SIZE, 3]))))
    expect(differenceFrom(REFERENCE.prediction.map, maps)).toBeLessThan(1e-4)
    REFERENCE.prediction.scores.forEach((score, image) => {
      const found = imageScore({ map: maps.subarray(image * SIZE * SIZE, (image + 1) * SIZE * SIZE), height: SIZE, width: SIZE }, 10)
      expect(Math.abs(found / score - 1)).toBeLessThan(1e-4)
    })
  })

  it("losses and gradients are those of PyTorch, and every block's are float64 differences of the loss", async () => {
    const tf = await openTensorEngine({ engine })
    const networks = formulaNetworks(tf, { lifted: true })
    const variables = networkVariables(networks)
    const batch = {
      clean: tf.tensor4d(formulaPictures(5).data, [COUNT, SIZE, SIZE, 3]),
      damaged: tf.tensor4d(formulaPictures(6).data, [COUNT, SIZE, SIZE, 3]),
      mask: tf.tensor4d(formulaMasks(7).data, [COUNT, SIZE, SIZE, 1]),
    }
    const { parts, gradients } = computeGradients(tf, variables, () => draemLoss(tf, networks, batch))
    const found = await Promise.all(['squared', 'dissimilarity', 'focal'].map(async (name) => (await read(parts[name]))[0]))
    found.forEach((value, index) => expect(Math.abs(value / REFERENCE.parts[index] - 1)).toBeLessThan(1e-4))
    // Biases that a normalisation takes out again have none here, and rounding there.
    const trained = [...gradients].flatMap(([name, gradient]) => (gradient === null ? [] : [name]))
    expect(trained.toSorted()).toEqual(Object.keys(REFERENCE.gradients).toSorted())
    const values = await readGradients(tf, gradients)
    for (const [name, { norm, first }] of Object.entries(REFERENCE.gradients)) {
      const own = values.get(name) ?? new Float32Array(0)
      expectClose(name, Math.abs(Math.hypot(...own) / norm - 1), 1e-4)
      first.forEach((value, index) => expectClose(name, Math.abs(own[index] - value) / norm, 1e-4))
    }
    for (const [block, expected] of Object.entries(REFERENCE.differences)) {
      const products = [...values].filter(([name]) => name.startsWith(`${block}.`)).map(([name, own]) => alongDirection(name, own))
      expect(products.length).toBeGreaterThan(0)
      const size = Math.hypot(...products)
      expectClose(block, Math.abs(products.reduce((sum, product) => sum + product, 0) - expected) / size, 1e-3)
    }
  })

  it('ten steps of training have the losses of PyTorch', async () => {
    const tf = await openTensorEngine({ engine })
    const networks = formulaNetworks(tf, { lifted: true })
    const losses: number[] = []
    await train({
      tf,
      optimizer: createOptimizer(tf, [{ variables: networkVariables(networks), settings: { kind: 'adam', learningRate: 1e-3 } }]),
      statistics: networkStatistics(networks),
      epochs: 10,
      sampleCount: COUNT,
      batchSize: COUNT,
      lastBatch: 'keep',
      shuffle: null,
      load: ({ step }) =>
        Promise.resolve({ clean: formulaPictures(100 + step), damaged: formulaPictures(200 + step), mask: formulaMasks(300 + step) }),
      loss: ({ clean, damaged, mask }) =>
        draemLoss(tf, networks, { clean: clean as Tensor4D, damaged: damaged as Tensor4D, mask: mask as Tensor4D }),
      onStep: ({ loss }) => losses.push(loss),
      signal: new AbortController().signal,
    })
    expect(losses).toHaveLength(10)
    losses.forEach((loss, step) => expectClose(`step ${step}`, Math.abs(loss / REFERENCE.steps[step] - 1), 1e-3))
  })

  it("the losses have the values of the method's card", async () => {
    const tf = await openTensorEngine({ engine })
    const field = (value: (y: number, x: number, c: number) => number, channels: number): Tensor4D =>
      tf.tensor4d(
        Float32Array.from({ length: 256 * channels }, (_, place) => {
          const [c, pixel] = [place % channels, Math.floor(place / channels)]
          return value(Math.floor(pixel / 16), pixel % 16, c)
        }),
        [1, 16, 16, channels],
      )
    const first = field((y, x, c) => ((7 * y + 3 * x + 5 * c) % 17) / 16, 3)
    const second = field((y, x, c) => ((5 * y + 11 * x + 2 * c) % 13) / 12, 3)
    const dark = tf.sub<Tensor4D>(first, 0.6)
    const logits = field((y, x, c) => (c === 0 ? ((3 * y + x) % 5) / 4 - 0.5 : ((y + 2 * x) % 7) / 6 - 0.5), 2)
    const mask = field((y, x) => ((x * y) % 3 === 0 ? 1 : 0), 1)
    const value = async (tensor: Tensor): Promise<number> => (await read(tensor))[0]
    expect(1 - (await value(structuralSimilarity(tf, first, second)))).toBeCloseTo(0.790541, 5)
    expect(1 - (await value(structuralSimilarity(tf, dark, second, { range: 2 })))).toBeCloseTo(0.98579, 5)
    expect(await value(tf.mean(tf.square(tf.sub(first, second))))).toBeCloseTo(0.190982, 5)
    expect(await value(focalLoss(tf, logits, mask))).toBeCloseTo(0.2189, 5)
    const [sound, damaged] = tf.split<Tensor4D>(logits, 2, 3)
    expect(imageScore({ map: await read(tf.sigmoid(tf.sub(damaged, sound))), height: 16, width: 16 }, 10)).toBeCloseTo(0.28999, 5)
  })
})
