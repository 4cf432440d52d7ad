import type { NamedTensor } from '@im-iad/weights'
import { readFileSync } from 'node:fs'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  createResidualNetwork,
  heInitialization,
  IMAGENET_NORMALIZATION,
  openTensorEngine,
  RESNET18,
  residualParameters,
  WIDE_RESNET50_2,
  type ResidualArchitecture,
  type TensorEngine,
} from '../src/index.ts'
import { formulaValue, uniform } from './support/formula-weights.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

interface LevelSummary {
  readonly shape: readonly number[]
  readonly largest: number
  readonly values: readonly number[]
}

interface NetworkReference {
  readonly inference: readonly LevelSummary[]
  readonly training: readonly LevelSummary[]
  readonly running: Readonly<Record<string, readonly number[]>>
}

const reference: Readonly<Record<string, NetworkReference>> = JSON.parse(
  readFileSync(new URL('fixtures/network-reference.json', import.meta.url), 'utf8'),
)

const made = new Map<string, ReadonlyMap<string, NamedTensor>>()

/** Made once: the larger network has 67 million. */
function weightsOf(architecture: ResidualArchitecture): ReadonlyMap<string, NamedTensor> {
  const weights =
    made.get(architecture.id) ??
    new Map(residualParameters(architecture, 'layer4').map(({ name, shape }) => [name, formulaValue(name, shape)]))
  made.set(architecture.id, weights)
  return weights
}

const pictures = (tf: TensorEngine): Tensor4D => tf.tensor4d(uniform(2 * 96 * 64 * 3, 5, 4), [2, 96, 64, 3])

async function expectLevel(level: Tensor4D, expected: LevelSummary): Promise<void> {
  const data = await level.data()
  expect(level.shape).toEqual(expected.shape)
  for (const [index, value] of expected.values.entries()) {
    const place = Math.floor((index * (data.length - 1)) / (expected.values.length - 1))
    expect(Math.abs(data[place] - value) / expected.largest).toBeLessThan(1e-4)
  }
}

sayTensorflowIsMissing()

// The cpu engine takes minutes for these networks.
const engines = TESTED_ENGINES.filter((engine) => engine !== 'cpu')

describe.each(engines.flatMap((engine) => [RESNET18, WIDE_RESNET50_2].map((architecture) => ({ engine, architecture }))))(
  '$architecture.id on the $engine engine',
  ({ engine, architecture }) => {
    it.each(['inference', 'training'] as const)('has the features of PyTorch in %s mode', async (mode) => {
      const tf = await openTensorEngine({ engine })
      // At layer4 a channel has 12 values here: dividing by their deviation multiplies the differences of rounding.
      const through = mode === 'training' ? 'layer3' : 'layer4'
      const network = createResidualNetwork(tf, { architecture, through, weights: weightsOf(architecture), use: 'trainable' })
      const levels = tf.tidy(() => network.forward(pictures(tf), mode).map((level) => tf.keep(level)))
      const expected = reference[architecture.id]
      for (const [index, level] of levels.entries()) await expectLevel(level, expected[mode][index])
      const state = await network.parameters.read()
      const running = mode === 'training' ? Object.entries(expected.running) : []
      for (const [name, values] of running)
        expect(Math.max(...values.map((value, index) => Math.abs(state[name].data[index] - value)))).toBeLessThan(1e-5)
      tf.dispose(levels)
      network.dispose()
    })
  },
)

describe('a residual network', () => {
  it('leaves nothing behind, and frozen it keeps its statistics', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const tiny: ResidualArchitecture = {
      id: 'tiny',
      block: 'basic',
      blocks: [1, 1, 1, 1],
      width: 4,
      innerWidth: 1,
      normalization: IMAGENET_NORMALIZATION,
    }
    const weights = weightsOf(tiny)
    const before = tf.memory().numTensors
    for (const use of ['trainable', 'frozen'] as const) {
      const network = createResidualNetwork(tf, { architecture: tiny, through: 'layer2', weights, use })
      expect(network.levels).toEqual([
        { name: 'layer1', channels: 4, stride: 4 },
        { name: 'layer2', channels: 8, stride: 8 },
      ])
      expect(network.variables.size).toBe(use === 'frozen' ? 0 : 3 * (1 + 2 + 3))
      const images = pictures(tf)
      tf.tidy(() => void network.forward(images, 'training'))
      const { 'bn1.running_mean': mean } = await network.parameters.read()
      const unchanged = [...mean.data].join() === [...(weights.get('bn1.running_mean')?.data ?? [])].join()
      expect(unchanged).toBe(use === 'frozen')
      images.dispose()
      network.dispose()
    }
    expect(tf.memory().numTensors).toBe(before)
  })

  it('gives back the weights that it was given, in their layout', async () => {
    const tf = await openTensorEngine({ engine: 'cpu' })
    const weights = new Map(residualParameters(RESNET18, 'layer1').map(({ name, shape }) => [name, formulaValue(name, shape)]))
    const network = createResidualNetwork(tf, { architecture: RESNET18, through: 'layer1', weights, use: 'frozen' })
    expect(await network.parameters.read()).toEqual(Object.fromEntries(weights))
    network.dispose()
  })

  it('names the parameter that is missing or has another shape', async () => {
    const tf = await openTensorEngine({ engine: 'cpu' })
    const weights = new Map(residualParameters(RESNET18, 'layer1').map(({ name, shape }) => [name, formulaValue(name, shape)]))
    const create = (changed: ReadonlyMap<string, NamedTensor>): unknown =>
      createResidualNetwork(tf, { architecture: RESNET18, through: 'layer1', weights: changed, use: 'frozen' })
    expect(() => create(new Map([...weights].filter(([name]) => name !== 'layer1.1.bn2.bias')))).toThrow(
      'there is no parameter "layer1.1.bn2.bias" in the weights',
    )
    expect(() => create(new Map([...weights, ['bn1.weight', formulaValue('bn1.weight', [32])]]))).toThrow(
      /"bn1.weight" has another shape[^]*\[32\] was given, \[64\] is needed/,
    )
  })

  it('has the published number of parameters', () => {
    const count = (architecture: ResidualArchitecture): number =>
      residualParameters(architecture, 'layer4')
        .filter(({ kind }) => !kind.startsWith('running'))
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
    // torchvision's totals, less the classifier: 512 x 1000 + 1000 and 2048 x 1000 + 1000.
    expect(count(RESNET18)).toBe(11_689_512 - 513_000)
    expect(count(WIDE_RESNET50_2)).toBe(68_883_240 - 2_049_000)
  })

  it('starts as torchvision starts it', () => {
    let state = 1
    const normal = (): number => {
      // A crude normal draw: twelve uniform ones.
      let sum = -6
      for (let draw = 0; draw < 12; draw++) {
        state = (state * 48271) % 2147483647
        sum += state / 2147483647
      }
      return sum
    }
    const values = heInitialization(residualParameters(RESNET18, 'layer1'), { normal })
    const filter = Float32Array.from(values.get('layer1.0.conv1.weight')?.data ?? [])
    const variance = filter.reduce((sum, value) => sum + value * value, 0) / filter.length
    expect(variance / (2 / (64 * 9))).toBeCloseTo(1, 1)
    expect(values.get('bn1.weight')?.data.every((value) => value === 1)).toBe(true)
    expect(values.get('bn1.running_var')?.data.every((value) => value === 1)).toBe(true)
    expect(values.get('bn1.bias')?.data.every((value) => value === 0)).toBe(true)
  })
})
