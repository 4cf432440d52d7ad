import { readFileSync } from 'node:fs'
import { openTensorEngine, RESNET18, TENSOR_ENGINES, type TensorEngine } from '@im-iad/nn'
import { batchFrom, fitRequest, trainingSamples } from '@im-iad/testkit'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { matchingLoss, normalizeFeatures } from '../src/matching.ts'
import { createResidualStudent } from '../src/residual-student.ts'
import { formulaValue, seedOf, uniform } from '../../nn/test/support/formula-weights.ts'
import { createModel } from './support/models.ts'
import { formulaWeights, residualBackbone } from './support/residual-backbone.ts'

interface Spread {
  readonly shape: readonly number[]
  readonly largest: number
  readonly values: readonly number[]
}

interface Training {
  readonly losses: readonly number[]
  readonly scores: readonly number[]
  readonly maps: Spread
}

const reference: {
  readonly trainings: Readonly<Record<string, Training>>
  readonly derivatives: { readonly loss: number; readonly along: Readonly<Record<string, number>> }
} = JSON.parse(readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8'))

const SIZE = 64

/** Whole numbers in 0…255, as the script makes them. */
const noise = (number: number, size: number): Uint8Array =>
  Uint8Array.from(uniform(size * size * 3, 100 + number, 256, 128), (value) => Math.min(255, Math.floor(value)))

function expectSpread(found: Float32Array, { values, largest }: Spread): void {
  for (const [index, value] of values.entries()) {
    const place = Math.floor((index * (found.length - 1)) / (values.length - 1))
    expect(Math.abs(found[place] - value)).toBeLessThan(1e-3 * largest)
  }
}

describe('a training of ResNet-18', () => {
  it.each([
    ['as a copy of the teacher', { studentInit: 'teacher', learningRate: 0.002 }],
    ['at random', { learningRate: 0.005 }],
    ['at random, with the mean as loss', { learningRate: 0.005, lossReduction: 'mean', weightDecay: 1e-2 }],
  ] as const)('has the losses, scores and maps of PyTorch, the student beginning %s', async (name, change) => {
    const tf = await openTensorEngine()
    const { extractor, trainableBackbone } = residualBackbone(tf, RESNET18, formulaWeights(RESNET18, 'student '))
    const context = { trainableBackbone }
    // One batch of all pictures, so that their order does not matter.
    const model = await createModel(
      { size: SIZE, studentInit: 'random', batchSize: 4, epochs: 3, ...change },
      { backbone: extractor, context },
    )
    const losses: number[] = []
    const pictures = [0, 1, 2, 3].map((number) => ({ pixels: noise(number, SIZE) }))
    const samples = trainingSamples(pictures, { width: SIZE, height: SIZE })
    await model.fit(
      fitRequest([], { samples, onProgress: ({ stage, loss }) => stage.startsWith('epoch') && losses.push(loss ?? Number.NaN) }),
    )
    const expected = reference.trainings[name]
    expect(losses).toHaveLength(expected.losses.length)
    for (const [step, loss] of expected.losses.entries()) expect(Math.abs(losses[step] / loss - 1)).toBeLessThan(1e-3)
    const { scores, maps } = await model.predict(batchFrom([noise(10, SIZE), noise(11, SIZE)], { width: SIZE, height: SIZE }))
    for (const [index, score] of expected.scores.entries()) expect(Math.abs(scores[index] / score - 1)).toBeLessThan(1e-3)
    expectSpread(maps?.data ?? new Float32Array(), expected.maps)
    await model.dispose()
  })
})

const CHANNELS = [5, 6, 7]
const STRIDES = [4, 8, 16]

describe.each(TENSOR_ENGINES.filter((engine) => engine !== 'tensorflow'))('on the %s engine', (engine) => {
  it('the gradient by every parameter of a residual student is that of float64 differences', async () => {
    const tf = await openTensorEngine({ engine })
    const levels = STRIDES.map((stride, index) => ({ name: `level${stride}`, stride, channels: CHANNELS[index] }))
    const student = createResidualStudent(tf, { levels, width: 8, random: { normal: () => 0 } })
    student.write(
      new Map(
        Object.entries(await student.read()).map(([name, { shape }]) => {
          const { data } = formulaValue(`student ${name}`, shape)
          return [name, { shape, data: Float32Array.from(data) }]
        }),
      ),
    )
    const images = [0, 1, 2].flatMap((number) => [...noise(number, 32)])
    const { mean, std } = student.normalization
    const normalized = Float32Array.from(images, (value, index) => (value - mean[index % 3]) / std[index % 3])
    const { loss, gradients } = tf.tidy(() => {
      const teacher = STRIDES.map((stride, index): Tensor4D => {
        const [side, channels] = [32 / stride, CHANNELS[index]]
        return normalizeFeatures(tf, tf.tensor4d(uniform(3 * side * side * channels, stride), [3, side, side, channels]))
      })
      const { value, grads } = tf.variableGrads(
        () => matchingLoss(tf, teacher, student.forward(tf.tensor4d(normalized, [3, 32, 32, 3]), 'training'), 'sum'),
        [...student.variables.values()],
      )
      return {
        loss: tf.keep(value),
        gradients: Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.keep(gradient)])),
      }
    })
    const { loss: expectedLoss, along } = reference.derivatives
    expect(Math.abs((await loss.data())[0] / expectedLoss - 1)).toBeLessThan(1e-4)
    expect(Object.keys(along).toSorted()).toEqual([...student.variables.keys()].toSorted())
    const wrong: string[] = []
    for (const [name, variable] of student.variables) {
      const gradient = await inPyTorchOrder(tf, gradients[variable.name] as Tensor4D)
      const direction = uniform(gradient.length, seedOf(`direction ${name}`))
      const derivative = gradient.reduce((sum, value, index) => sum + value * direction[index], 0)
      const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      // Along a direction that is nearly across the gradient, rounding of its parts is what remains.
      if (Math.abs(derivative - along[name]) > 1e-3 * Math.max(Math.abs(along[name]), 0.3 * length))
        wrong.push(`${name}: ${derivative}, not ${along[name]}`)
    }
    expect(wrong).toEqual([])
  })
})

/** Filters are `[height, width, input, output]` here. */
async function inPyTorchOrder(tf: TensorEngine, gradient: Tensor4D): Promise<Float32Array> {
  const ordered = gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient
  return Float32Array.from(await ordered.data())
}
