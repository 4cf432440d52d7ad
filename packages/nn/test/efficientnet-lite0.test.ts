import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openWeights, type NamedTensor } from '@im-iad/weights'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  createEfficientNetwork,
  EFFICIENTNET_LITE0,
  efficientParameters,
  openTensorEngine,
  type FeatureNetwork,
  type PixelNormalization,
  type TensorEngine,
} from '../src/index.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

interface StageReference {
  readonly shape: readonly [number, number, number, number]
  readonly mean: number
  readonly std: number
  readonly min: number
  readonly max: number
  readonly first16: readonly number[]
}

const folder = resolve(import.meta.dirname, '../../..', process.env['IM_IAD_WEIGHTS'] ?? '../shared/weights')
const weightsFile = join(folder, 'efficientnet-lite0.safetensors')
const referenceFile = join(folder, 'efficientnet-lite0.reference.json')
const isThere = existsSync(weightsFile) && existsSync(referenceFile)
if (!isThere) process.stderr.write(`NOT TESTED: EfficientNet-Lite0 with its ImageNet weights; there is no ${weightsFile}\n`)

async function readWeights(): Promise<ReadonlyMap<string, NamedTensor>> {
  const file = await openWeights(weightsFile)
  const names = efficientParameters(EFFICIENTNET_LITE0, 'stage7', 'port')
  const tensors = await Promise.all(names.map(async ({ name, shape }) => [name, { shape, data: await file.read(name) }] as const))
  await file.close()
  return new Map(tensors)
}

/** The reference's picture, 224x224: value `(31 y + 17 x + 7 c) mod 256`. */
function picture(tf: TensorEngine, { mean, std }: PixelNormalization): Tensor4D {
  const data = new Float32Array(224 * 224 * 3)
  for (let place = 0; place < data.length; place++) {
    const [y, x, channel] = [Math.floor(place / 672), Math.floor(place / 3) % 224, place % 3]
    data[place] = (((y * 31 + x * 17 + channel * 7) % 256) - mean[channel]) / std[channel]
  }
  return tf.tensor4d(data, [1, 224, 224, 3])
}

function statistics(values: Float32Array): Pick<StageReference, 'mean' | 'std' | 'min' | 'max'> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return {
    mean,
    std: Math.sqrt(variance),
    min: values.reduce((least, value) => Math.min(least, value), Infinity),
    max: values.reduce((most, value) => Math.max(most, value), -Infinity),
  }
}

async function features(tf: TensorEngine, network: FeatureNetwork, normalization: PixelNormalization): Promise<readonly Tensor4D[]> {
  const images = picture(tf, normalization)
  const levels = tf.tidy(() => network.forward(images, 'inference').map((level) => tf.keep(tf.transpose(level, [0, 3, 1, 2]))))
  await Promise.all(levels.map(async (level) => level.data()))
  images.dispose()
  return levels
}

async function largestDifference(levels: readonly Tensor4D[], stages: readonly StageReference[]): Promise<number> {
  const differences = stages.map(async ({ shape, first16, ...expected }, index) => {
    expect(levels[index].shape).toEqual(shape)
    const values = (await levels[index].data()) as Float32Array
    const found = statistics(values)
    const largest = Math.max(Math.abs(expected.min), Math.abs(expected.max))
    const pairs = [
      ...first16.map((value, place) => [values[place], value]),
      ...(['mean', 'std', 'min', 'max'] as const).map((name) => [found[name], expected[name]]),
    ]
    return Math.max(...pairs.map(([value, wanted]) => Math.abs(value - wanted))) / largest
  })
  return Math.max(...(await Promise.all(differences)))
}

sayTensorflowIsMissing()

describe.runIf(isThere)('EfficientNet-Lite0 with its ImageNet weights', () => {
  const reference = isThere
    ? (JSON.parse(readFileSync(referenceFile, 'utf8')) as { stages: Record<string, StageReference> })
    : { stages: {} }
  const stages = Object.entries(reference.stages).flatMap(([name, stage]) => (/^stage\d$/.test(name) ? [stage] : []))

  it.each(
    TESTED_ENGINES.filter((engine) => engine !== 'cpu').flatMap((engine) =>
      (['folded', 'frozen', 'trainable'] as const).map((use) => ({ engine, use })),
    ),
  )('gives the reference activations of all seven stages, $use on the $engine engine', async ({ engine, use }) => {
    const tf = await openTensorEngine({ engine })
    const network = createEfficientNetwork(tf, { architecture: EFFICIENTNET_LITE0, through: 'stage7', weights: await readWeights(), use })
    const levels = await features(tf, network, EFFICIENTNET_LITE0.normalization)
    expect(stages).toHaveLength(7)
    expect(await largestDifference(levels, stages)).toBeLessThan(1e-4)
    tf.dispose([...levels])
    network.dispose()
  })

  it("does not give them with ImageNet's usual mean and deviation", async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const network = createEfficientNetwork(tf, {
      architecture: EFFICIENTNET_LITE0,
      through: 'stage7',
      weights: await readWeights(),
      use: 'frozen',
    })
    const usual: PixelNormalization = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }
    const levels = await features(tf, network, usual)
    expect(await largestDifference(levels, stages)).toBeGreaterThan(0.05)
    tf.dispose([...levels])
    network.dispose()
  })
})
