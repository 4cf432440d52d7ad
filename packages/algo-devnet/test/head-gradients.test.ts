import { createRandomSource } from '@im-iad/core'
import { computeGradients, openTensorEngine, syncTensors } from '@im-iad/nn'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { uniform } from '../../nn/test/support/formula-weights.ts'
import { deviationLoss } from '../src/deviation-loss.ts'
import { createHead } from '../src/head.ts'
import { scoreOf } from '../src/score.ts'

const [COUNT, SIDE, CHANNELS] = [4, 5, 6]
const LABELS = [0, 1, 0, 1]
const PRIOR = [0.02, 1.01] as const
const MARGIN = 5

type Values = Readonly<Record<string, readonly number[]>>

interface Setup {
  readonly features: Float32Array
  readonly hiddenChannels: number
  readonly topShare: number
}

/** The loss in float64, by its definition. */
function lossOf(values: Values, { features, hiddenChannels, topShare }: Setup): number {
  const positions = SIDE * SIDE
  const layer = (input: readonly number[], name: string, outputs: number): readonly number[] =>
    Array.from({ length: outputs }, (_, output) =>
      input.reduce(
        (sum, value, channel) => sum + value * values[`${name}.weight`][channel * outputs + output],
        values[`${name}.bias`][output],
      ),
    )
  const response = (position: number): number => {
    const standard = Array.from(
      features.subarray(position * CHANNELS, (position + 1) * CHANNELS),
      (value, channel) => (value - values['features.mean'][channel]) / values['features.deviation'][channel],
    )
    const hidden = hiddenChannels === 0 ? standard : layer(standard, 'hidden', hiddenChannels).map((value) => Math.max(value, 0))
    return layer(hidden, 'score', 1)[0]
  }
  const scores = LABELS.map((_, image) => {
    const responses = Array.from({ length: positions }, (__, position) => response(image * positions + position))
    const kept =
      topShare === 0
        ? responses
        : responses
            .map(Math.abs)
            .toSorted((a, b) => b - a)
            .slice(0, Math.max(Math.floor(topShare * positions), 1))
    return kept.reduce((sum, value) => sum + value, 0) / kept.length
  })
  const losses = scores.map((score, image) => {
    const deviation = (score - PRIOR[0]) / PRIOR[1]
    return LABELS[image] === 1 ? Math.max(0, MARGIN - deviation) : Math.abs(deviation)
  })
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
}

describe.each([
  { hiddenChannels: 0, topShare: 0.1 },
  { hiddenChannels: 0, topShare: 0.4 },
  { hiddenChannels: 0, topShare: 0 },
  { hiddenChannels: 7, topShare: 0.1 },
])('the head with $hiddenChannels hidden channels and the strongest $topShare of the positions', ({ hiddenChannels, topShare }) => {
  it('has the gradients of finite differences in float64', async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const random = createRandomSource(3, 'test').stream('head')
    const head = createHead(tf, { channels: CHANNELS, hiddenChannels, standardized: true, random })
    head.write(
      new Map([
        ...Object.entries(await head.read()),
        ['features.mean', { shape: [CHANNELS], data: uniform(CHANNELS, 31) }],
        ['features.deviation', { shape: [CHANNELS], data: uniform(CHANNELS, 32, 0.5, 1) }],
      ]),
    )
    const features = uniform(COUNT * SIDE * SIDE * CHANNELS, 33, 6)
    const input: Tensor4D = tf.tensor4d(features, [COUNT, SIDE, SIDE, CHANNELS])
    const { loss, gradients } = computeGradients(tf, head.variables, () => {
      const scores = scoreOf(tf, head.responses(input), topShare)
      return deviationLoss(tf, { scores, labels: tf.tensor1d(LABELS), prior: tf.tensor1d([...PRIOR]), margin: MARGIN })
    })
    await syncTensors(tf, [loss, ...[...gradients.values()].filter((gradient) => gradient !== null)])
    const all = [...head.variables, ...head.statistics]
    const values: Values = Object.fromEntries(
      await Promise.all(all.map(async ([name, variable]) => [name, Array.from(await variable.data())] as const)),
    )
    const setup = { features, hiddenChannels, topShare }
    expect((await loss.data())[0]).toBeCloseTo(lossOf(values, setup), 5)
    for (const name of head.variables.keys()) {
      const found = await (gradients.get(name) as Tensor).data()
      for (const [place, value] of values[name].entries()) {
        const at = (moved: number): number => lossOf({ ...values, [name]: values[name].with(place, moved) }, setup)
        const step = 1e-6
        expect(found[place]).toBeCloseTo((at(value + step) - at(value - step)) / (2 * step), 4)
      }
    }
    head.dispose()
  })
})
