import type { NamedTensor } from '@im-iad/weights'
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  computeGradients,
  createEfficientNetwork,
  EFFICIENTNET_B5,
  EFFICIENTNET_B6,
  EFFICIENTNET_LITE0,
  efficientParameters,
  isEfficientHead,
  openTensorEngine,
  RESNET34,
  RESNET50,
  residualParameters,
  type EfficientArchitecture,
  type ParameterDefinition,
  type TensorEngine,
} from '../src/index.ts'
import { expectReference, inferenceCases, openNetwork, picturesOf, trainingCase } from './support/backbone-reference.ts'
import { backboneWeights } from './support/backbone-weights.ts'

// The others, the large shapes and the other engines: backbones.long.test.ts.
const CASES = [
  ['resnet34', 1],
  ['resnet50', 1],
  ['efficientnet-lite0', 0],
  ['efficientnet-lite0', 1],
  ['efficientnet-b5', 1],
] as const

describe('a backbone', () => {
  it.each(CASES)("gives PyTorch's features: %s, case %i", async (backbone, index) => {
    await expectReference('onnxruntime', backbone, inferenceCases(backbone)[index])
  })

  it('has the published number of parameters', () => {
    const count = (definitions: readonly ParameterDefinition[]): number =>
      definitions
        .filter(({ kind }) => !kind.startsWith('running'))
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
    const efficient = (architecture: EfficientArchitecture): number => {
      const { headChannels, stages } = architecture
      const head = stages[6].channels * headChannels + 2 * headChannels + 1001 * headChannels - headChannels + 1000
      return count(efficientParameters(architecture, 'stage7')) + head
    }
    // torchvision's totals less the classifiers, timm's totals.
    expect(count(residualParameters(RESNET34, 'layer4'))).toBe(21_797_672 - 513_000)
    expect(count(residualParameters(RESNET50, 'layer4'))).toBe(25_557_032 - 2_049_000)
    expect([EFFICIENTNET_LITE0, EFFICIENTNET_B5, EFFICIENTNET_B6].map(efficient)).toEqual([4_652_008, 30_389_784, 43_040_704])
  })
})

describe.each(['efficientnet-lite0', 'efficientnet-b5'])('%s in training mode', (backbone) => {
  it("has PyTorch's loss, gradients and running statistics", async () => {
    const expected = trainingCase(backbone)
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const network = openNetwork(tf, backbone, expected.seed, 'trainable', 'stage5')
    const images = picturesOf(tf, expected)
    const { loss, gradients } = computeGradients(tf, network.variables, () =>
      tf.addN(network.forward(images, 'training').map((level) => tf.mean<Scalar>(tf.square(level)))),
    )
    expect(((await loss.data())[0] - expected.loss) / expected.loss).toBeCloseTo(0, 4)
    for (const [name, { largest, values }] of Object.entries(expected.gradients)) {
      const found = await inPyTorchLayout(tf, gradients.get(name))
      const differences = values.map((value, index) => Math.abs(found[index] - value) / largest)
      expect([name, Math.max(...differences) < 1e-3]).toEqual([name, true])
    }
    const state = await network.parameters.read()
    for (const [name, values] of Object.entries(expected.running))
      expect(Math.max(...values.map((value, index) => Math.abs(state[name].data[index] - value)))).toBeLessThan(1e-4)
    tf.dispose([loss, images, [...gradients.values()].filter((gradient) => gradient !== null)])
    network.dispose()
  })
})

/** Filters are `[height, width, input, output]` here, depthwise ones `[height, width, channels, 1]`. */
async function inPyTorchLayout(tf: TensorEngine, gradient: Tensor | null | undefined): Promise<Float32Array> {
  if (gradient === null || gradient === undefined) throw new RangeError('no gradient')
  if (gradient.rank !== 4) return (await gradient.data()) as Float32Array
  return (await tf.transpose(gradient, gradient.shape[3] === 1 ? [2, 3, 0, 1] : [3, 2, 0, 1]).data()) as Float32Array
}

describe('the names of an EfficientNet', () => {
  it.each([EFFICIENTNET_LITE0, EFFICIENTNET_B5])("are timm's or the port's: $id is the same network with either", async (architecture) => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const timm = efficientParameters(architecture, 'stage3', 'timm')
    const port = efficientParameters(architecture, 'stage3', 'port')
    const values = backboneWeights(1, timm)
    const renamed = new Map<string, NamedTensor>()
    for (const [index, { name }] of timm.entries()) {
      const value = values.get(name)
      if (value !== undefined) renamed.set(port[index].name, value)
    }
    const images = picturesOf(tf, { seed: 4, shape: [1, 33, 40] })
    const run = async (weights: ReadonlyMap<string, NamedTensor>): Promise<Float32Array> => {
      const network = createEfficientNetwork(tf, { architecture, through: 'stage3', weights, use: 'frozen' })
      const level: Tensor4D = tf.tidy(() => network.forward(images, 'inference')[2])
      const data = Float32Array.from(await level.data())
      level.dispose()
      network.dispose()
      return data
    }
    expect([...(await run(renamed))]).toEqual([...(await run(values))])
    images.dispose()
  })

  it("are those of timm's and the port's files", () => {
    const names = (naming: 'timm' | 'port'): readonly string[] =>
      efficientParameters(EFFICIENTNET_B5, 'stage2', naming).map(({ name }) => name)
    expect(names('timm')).toEqual(
      expect.arrayContaining([
        'conv_stem.weight',
        'blocks.0.0.conv_dw.weight',
        'blocks.0.0.bn2.running_var',
        'blocks.1.0.se.conv_reduce.bias',
        'blocks.1.0.conv_pwl.weight',
      ]),
    )
    expect(names('port')).toEqual(
      expect.arrayContaining([
        '_conv_stem.weight',
        '_bn0.bias',
        '_blocks.3._expand_conv.weight',
        '_blocks.3._se_expand.bias',
        '_blocks.3._bn2.running_mean',
      ]),
    )
    expect(names('port').some((name) => name.startsWith('_blocks.0._expand_conv'))).toBe(false)
    expect(['_fc.weight', '_bn1.weight', 'conv_head.weight', 'bn2.bias', 'classifier.bias'].every(isEfficientHead)).toBe(true)
    expect(['_bn0.weight', 'bn1.weight', 'blocks.0.0.bn2.weight'].some(isEfficientHead)).toBe(false)
  })
})
