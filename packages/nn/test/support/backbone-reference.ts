import { readFileSync } from 'node:fs'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import {
  createEfficientNetwork,
  createResidualNetwork,
  EFFICIENTNET_B5,
  EFFICIENTNET_B6,
  EFFICIENTNET_LITE0,
  efficientParameters,
  openTensorEngine,
  RESNET18,
  RESNET34,
  RESNET50,
  residualParameters,
  WIDE_RESNET50_2,
  type EfficientArchitecture,
  type FeatureNetwork,
  type NetworkWeights,
  type ResidualArchitecture,
  type StageName,
  type TensorEngine,
} from '../../src/index.ts'
import { backboneWeights } from './backbone-weights.ts'
import { uniform } from './formula-weights.ts'

interface LevelReference {
  readonly name: string
  readonly shape: readonly number[]
  readonly mean: number
  readonly std: number
  readonly min: number
  readonly max: number
  readonly values: readonly number[]
}

export interface Case {
  readonly seed: number
  readonly shape: readonly [count: number, height: number, width: number]
}

export interface InferenceCase extends Case {
  readonly levels: readonly LevelReference[]
}

export interface TrainingCase extends Case {
  readonly loss: number
  readonly gradients: Readonly<Record<string, { readonly largest: number; readonly values: readonly number[] }>>
  readonly running: Readonly<Record<string, readonly number[]>>
}

const { backbones } = JSON.parse(readFileSync(new URL('../fixtures/backbone-reference.json', import.meta.url), 'utf8')) as {
  readonly backbones: Readonly<Record<string, { readonly inference: readonly InferenceCase[]; readonly training?: TrainingCase }>>
}

const RESIDUAL: readonly ResidualArchitecture[] = [RESNET18, RESNET34, RESNET50, WIDE_RESNET50_2]
const EFFICIENT: readonly EfficientArchitecture[] = [EFFICIENTNET_LITE0, EFFICIENTNET_B5, EFFICIENTNET_B6]

export const BACKBONES: readonly string[] = Object.keys(backbones)

export function inferenceCases(backbone: string): readonly InferenceCase[] {
  return backbones[backbone].inference
}

export function trainingCase(backbone: string): TrainingCase {
  const { training } = backbones[backbone]
  if (training === undefined) throw new RangeError(`no training of ${backbone} in the reference`)
  return training
}

/** The backbone with the reference's weights; EfficientNets through the given stage. */
export function openNetwork(
  tf: TensorEngine,
  backbone: string,
  seed: number,
  use: NetworkWeights['use'],
  through: StageName = 'stage7',
): FeatureNetwork {
  const residual = RESIDUAL.find(({ id }) => id === backbone)
  if (residual !== undefined) {
    const weights = backboneWeights(seed, residualParameters(residual, 'layer4'))
    return createResidualNetwork(tf, { architecture: residual, through: 'layer4', weights, use })
  }
  const architecture = EFFICIENT.find(({ id }) => id === backbone)
  if (architecture === undefined) throw new RangeError(`no backbone ${backbone}`)
  return createEfficientNetwork(tf, {
    architecture,
    through,
    weights: backboneWeights(seed, efficientParameters(architecture, through)),
    use,
  })
}

export function picturesOf(tf: TensorEngine, { seed, shape: [count, height, width] }: Case): Tensor4D {
  return tf.tensor4d(uniform(count * height * width * 3, seed, 4), [count, height, width, 3])
}

/** Compares all levels of a case with PyTorch's: values spread over them, and their statistics, relative to the largest value. */
export async function expectReference(engine: string, backbone: string, expected: InferenceCase): Promise<void> {
  const tf = await openTensorEngine({ engine })
  const network = openNetwork(tf, backbone, expected.seed, 'folded')
  const images = picturesOf(tf, expected)
  const levels = tf.tidy(() => network.forward(images, 'inference').map((level) => tf.keep(level)))
  expect(network.levels.map(({ name }) => name)).toEqual(expected.levels.map(({ name }) => name))
  for (const [index, level] of levels.entries()) {
    const reference = expected.levels[index]
    expect(level.shape).toEqual(reference.shape)
    const difference = relativeDifference((await level.data()) as Float32Array, reference)
    expect([reference.name, difference < 1e-4 ? 'as PyTorch' : difference]).toEqual([reference.name, 'as PyTorch'])
  }
  tf.dispose([...levels, images])
  network.dispose()
}

function relativeDifference(data: Float32Array, { mean, std, min, max, values }: LevelReference): number {
  const found = statistics(data)
  const pairs = [
    [found.mean, mean],
    [found.std, std],
    [found.min, min],
    [found.max, max],
    ...values.map((value, index) => [data[Math.floor((index * (data.length - 1)) / (values.length - 1))], value]),
  ]
  return Math.max(...pairs.map(([value, wanted]) => Math.abs(value - wanted))) / Math.max(Math.abs(min), Math.abs(max))
}

function statistics(data: Float32Array): Pick<LevelReference, 'mean' | 'std' | 'min' | 'max'> {
  let [sum, squares, min, max] = [0, 0, Infinity, -Infinity]
  for (const value of data) {
    sum += value
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  const mean = sum / data.length
  for (const value of data) squares += (value - mean) ** 2
  return { mean, std: Math.sqrt(squares / data.length), min, max }
}
