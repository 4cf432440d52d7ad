import { readFileSync } from 'node:fs'
import { computeGradients, createOptimizer, clipGradients, openTensorEngine, stepwise, syncTensors, type TensorEngine } from '@im-iad/nn'
import { createRandomSource } from '@im-iad/core'
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uniform } from '../../nn/test/support/formula-weights.ts'
import { featuresOf } from '../src/body.ts'
import { deviationLoss } from '../src/deviation-loss.ts'
import { explainPictures } from '../src/explain.ts'
import { createHead, type ResponseHead } from '../src/head.ts'
import type { DevNetModel } from '../src/model.ts'
import type { DevNetParameters } from '../src/parameters.ts'
import { rotatePicture } from '../src/rotate-picture.ts'
import { meanOf, scalesOf, scoreOf } from '../src/score.ts'
import { parametersOf } from './support/parameters.ts'
import { LAYER4, smallNetwork } from './support/small-network.ts'

interface Summary {
  readonly size: number
  readonly largest: number
  readonly values: readonly number[]
}

interface Reference {
  readonly losses: { readonly analytic: number; readonly sampled: number }
  readonly head: { readonly score: number; readonly signedMean: number; readonly weight: Summary; readonly bias: number }
  readonly rotations: readonly { readonly angle: number; readonly pixels: readonly number[] }[]
  readonly learningRates: Readonly<Record<string, number>>
  readonly inference: {
    readonly scores: readonly number[]
    readonly rawGradient: Summary
    readonly gradient: Summary
    readonly response: Summary
  }
  readonly training: {
    readonly gradients: Readonly<Record<string, Summary>>
    readonly runningMean: readonly number[]
    readonly runningVariance: readonly number[]
    readonly losses: readonly number[]
  }
}

/** Made by fixtures/make_reference.py with PyTorch. */
const reference: Reference = JSON.parse(readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8'))

const [COUNT, SIZE] = [4, 64]

function pictures(tf: TensorEngine, seed: number): Tensor4D {
  return tf.tensor4d(uniform(COUNT * SIZE * SIZE * 3, seed, 4), [COUNT, SIZE, SIZE, 3])
}

function createReferenceHead(tf: TensorEngine, channels: number, weight: Float32Array, bias: number): ResponseHead {
  const random = createRandomSource(0, 'test').stream('head')
  const head = createHead(tf, { channels, hiddenChannels: 0, standardized: false, random })
  head.write(
    new Map([
      ['score.weight', { shape: [1, channels], data: weight }],
      ['score.bias', { shape: [1], data: Float32Array.of(bias) }],
    ]),
  )
  return head
}

let tf: TensorEngine
const disposed: { dispose(): void }[] = []

beforeAll(async () => {
  tf = await openTensorEngine({ engine: 'onnxruntime' })
})

afterAll(() => {
  for (const each of disposed) each.dispose()
})

function referenceModel(change: Partial<DevNetParameters> = {}): DevNetModel & { readonly body: { readonly kind: 'trained' } } {
  const network = smallNetwork(tf)
  const head = createReferenceHead(tf, LAYER4.channels, uniform(LAYER4.channels, 91, 0.5), 0.1)
  disposed.push(network, head)
  return { tf, parameters: parametersOf({ size: SIZE, ...change }), body: { kind: 'trained', level: LAYER4, network }, head }
}

async function numbers(tensor: Tensor): Promise<readonly number[]> {
  return [...(await tensor.data())]
}

/** @param tolerance - relative to the largest value */
function expectSummary(found: readonly number[], { size, largest, values }: Summary, tolerance: number): void {
  expect(found).toHaveLength(size)
  for (const [index, value] of values.entries()) {
    const place = Math.floor((index * (size - 1)) / (values.length - 1))
    expect(Math.abs(found[place] - value)).toBeLessThan(tolerance * Math.max(largest, 1e-3))
  }
}

describe('the deviation loss', () => {
  it.each([
    ['analytic', [0, 1]],
    ['sampled', [0.01, 0.99]],
  ] as const)('has the value of PyTorch for a prior that is %s', async (kind, prior) => {
    const loss = tf.tidy(() =>
      deviationLoss(tf, { scores: tf.tensor1d([0.2, 3, 6]), labels: tf.tensor1d([0, 1, 1]), prior: tf.tensor1d([...prior]), margin: 5 }),
    )
    expect((await numbers(loss))[0]).toBeCloseTo(reference.losses[kind], 6)
  })
})

describe('the score of one scale', () => {
  it('and its gradient by the head are those of PyTorch', async () => {
    const head = createReferenceHead(tf, 512, uniform(512, 4, 0.2), 0.05)
    disposed.push(head)
    const features = tf.tensor4d(uniform(512 * 14 * 14, 3, 2), [1, 14, 14, 512])
    const { loss, gradients } = computeGradients(tf, head.variables, () => tf.sum(scoreOf(tf, head.responses(features), 0.1)))
    const [score] = await numbers(loss)
    expect(Math.abs(score / reference.head.score - 1)).toBeLessThan(1e-5)
    expectSummary(await numbers(gradients.get('score.weight') as Tensor), reference.head.weight, 1e-5)
    expect((await numbers(gradients.get('score.bias') as Tensor))[0]).toBeCloseTo(reference.head.bias, 5)
    const [signed] = await numbers(scoreOf(tf, head.responses(features), 0))
    expect(Math.abs(signed - reference.head.signedMean)).toBeLessThan(1e-6)
  })
})

describe('a model', () => {
  it('has the scores and maps of PyTorch', async () => {
    for (const [map, wanted] of [
      ['gradient', reference.inference.gradient],
      ['raw-gradient', reference.inference.rawGradient],
      ['response', reference.inference.response],
    ] as const) {
      const model = referenceModel({ map })
      const { network } = model.body as { readonly network: Parameters<typeof explainPictures>[1] }
      const { scores, maps } = tf.tidy(() => explainPictures(model, network, pictures(tf, 5)))
      await syncTensors(tf, [scores, maps])
      for (const [index, score] of (await numbers(scores)).entries())
        expect(Math.abs(score / reference.inference.scores[index] - 1)).toBeLessThan(1e-4)
      expectSummary(await numbers(maps), wanted, 1e-3)
    }
  })

  it('trains as PyTorch does: gradients, running statistics, losses of five steps', async () => {
    const model = referenceModel()
    const { network } = model.body as { readonly network: ReturnType<typeof smallNetwork> }
    const variables = new Map([
      ...[...network.variables].map(([name, value]) => [`backbone.${name}`, value] as const),
      ...[...model.head.variables].map(([name, value]) => [name, value] as const),
    ])
    const optimizer = createOptimizer(tf, [{ variables, settings: { kind: 'adam', learningRate: 2e-4, weightDecay: 1e-5 } }])
    disposed.push(optimizer)
    for (const [step, expected] of reference.training.losses.entries()) {
      const images = pictures(tf, 100 + step)
      const { loss, gradients } = computeGradients(tf, variables, () => {
        const scales = scalesOf(tf, images, 2).map((scale) => featuresOf(network, LAYER4, scale, 'training'))
        const scores: Tensor1D = meanOf(
          tf,
          scales.map((features) => scoreOf(tf, model.head.responses(features), 0.1)),
        )
        return deviationLoss(tf, { scores, labels: tf.tensor1d([0, 0, 1, 1]), prior: tf.tensor1d([0.01, 0.99]), margin: 5 })
      })
      const names = [...gradients.keys()]
      const slopes = names.map((name) => gradients.get(name) as Tensor)
      const clipped = clipGradients(tf, slopes, { by: 'norm', limit: 1 })
      optimizer.apply(new Map(names.map((name, index) => [name, clipped[index]])), 1)
      await syncTensors(tf, [loss, ...slopes, ...variables.values(), ...network.statistics.values(), ...optimizer.state.values()])
      const [found] = await numbers(loss)
      expect(Math.abs(found / expected - 1)).toBeLessThan(1e-3)
      if (step > 0) continue
      for (const [index, name] of names.entries()) expectSummary(await numbers(slopes[index]), reference.training.gradients[name], 1e-4)
      const statistics = await network.read()
      for (const [name, wanted] of [
        ['bn1.running_mean', reference.training.runningMean],
        ['bn1.running_var', reference.training.runningVariance],
      ] as const)
        for (const [channel, value] of wanted.entries()) expect(Math.abs(statistics[name].data[channel] - value)).toBeLessThan(1e-5)
    }
  })
})

describe('details', () => {
  it('pictures are turned as Pillow turns them', () => {
    const picture = uniform(16 * 16 * 3, 7).map((value) => Math.floor((value + 0.5) * 256))
    for (const { angle, pixels } of reference.rotations) {
      const rotated = rotatePicture(Uint8Array.from(picture), 16, angle)
      // Pillow computes in fixed point: where a place falls on the border of two pixels it may take the other one.
      const different = pixels.filter((value, index) => value !== rotated[index]).length
      expect(different / pixels.length).toBeLessThan(0.02)
    }
  })

  it('the half size is every second pixel, and the learning rate falls as StepLR lets it', async () => {
    const image = tf.tensor4d(
      Float32Array.from({ length: 8 * 8 * 3 }, (_, index) => index),
      [1, 8, 8, 3],
    )
    const half = await numbers(scalesOf(tf, image, 2)[1])
    expect(half.filter((_, index) => index % 3 === 0)).toEqual(
      [0, 2, 4, 6].flatMap((row) => [0, 2, 4, 6].map((column) => (row * 8 + column) * 3)),
    )
    const schedule = stepwise([10, 20, 30, 40], 0.1)
    for (const [epoch, rate] of Object.entries(reference.learningRates))
      expect(2e-4 * schedule({ step: Number(epoch) * 20, stepsPerEpoch: 20, epochs: 50 })).toBeCloseTo(rate, 12)
  })
})
