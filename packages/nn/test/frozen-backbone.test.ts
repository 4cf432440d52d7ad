import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder, openSession } from '@im-iad/onnx'
import { writeSafetensors, type NamedTensor } from '@im-iad/weights'
import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  backboneParameters,
  efficientBackbone,
  EFFICIENTNET_B5,
  EFFICIENTNET_LITE0,
  RESNET18,
  residualBackbone,
  type BackboneDefinition,
} from '../src/architectures.ts'
import {
  computeGradients,
  createResidualNetwork,
  openFrozenBackbone,
  openTensorEngine,
  openTrainableBackbone,
  type TrainableBackboneRequest,
  type EfficientArchitecture,
  type PixelBatch,
} from '../src/index.ts'
import { backboneWeights } from './support/backbone-weights.ts'
import { uniform } from './support/formula-weights.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

const NARROW = { ...RESNET18, id: 'narrow', width: 8 }

/** Every stage has a block less and an eighth of the channels. */
function narrow(architecture: EfficientArchitecture): EfficientArchitecture {
  const [first, second, third, fourth, fifth, sixth, seventh] = architecture.stages.map((stage) => ({
    ...stage,
    channels: stage.channels / 8,
    blocks: 1 + Number(stage.blocks > 2),
  }))
  return { ...architecture, id: `narrow-${architecture.id}`, stages: [first, second, third, fourth, fifth, sixth, seventh] }
}

const DEFINITIONS: readonly BackboneDefinition[] = [
  residualBackbone(NARROW),
  efficientBackbone(narrow(EFFICIENTNET_LITE0)),
  efficientBackbone(narrow(EFFICIENTNET_B5)),
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'im-iad-backbones-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0

/** A file of the definition's weights, changed. */
async function weightsFile(
  definition: BackboneDefinition,
  change: (weights: Map<string, NamedTensor>) => void = () => undefined,
): Promise<string> {
  const weights = new Map(backboneWeights(3, backboneParameters(definition)))
  change(weights)
  const path = join(folder, `${definition.architecture.id}-${files++}.safetensors`)
  await writeSafetensors(path, weights)
  return path
}

const open = (definition: BackboneDefinition, path: string | null): ReturnType<typeof openFrozenBackbone> =>
  openFrozenBackbone(definition, { weightsFile: path, threads: 1 })

function pictures(count: number, height: number, width: number): PixelBatch {
  const values = uniform(count * height * width * 3, 9, 255, 128)
  return { count, height, width, pixels: Uint8Array.from(values) }
}

const largestDifference = (first: Float32Array, second: Float32Array): number => {
  expect(first.length).toBe(second.length)
  const largest = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return first.reduce((most, value, index) => Math.max(most, Math.abs(value - second[index])), 0) / largest
}

describe.each(DEFINITIONS.map((definition) => ({ id: definition.architecture.id, definition })))(
  'a frozen backbone: $id',
  ({ definition }) => {
    it('gives its levels by their strides, each picture for itself', async () => {
      const backbone = await open(definition, await weightsFile(definition))
      const batch = pictures(3, 50, 70)
      const [coarse, fine] = await backbone.extract(batch, [16, 4])
      expect([coarse, fine].map(({ level, height, width }) => [level.stride, height, width])).toEqual([
        [16, 4, 5],
        [4, 13, 18],
      ])
      expect(coarse.data.length).toBe(3 * 4 * 5 * coarse.level.channels)
      const second = { ...batch, count: 1, pixels: batch.pixels.slice(50 * 70 * 3, 2 * 50 * 70 * 3) }
      const [alone] = await backbone.extract(second, [4])
      expect(largestDifference(alone.data, fine.data.slice(fine.data.length / 3, (2 * fine.data.length) / 3))).toBeLessThan(1e-5)
      // Deeper than what was needed so far.
      expect((await backbone.extract(batch, [32]))[0].height).toBe(2)
      await expect(backbone.extract(batch, [5])).rejects.toThrow(/no level of stride 5[^]*4, 8, 16, 32/)
      await backbone.dispose()
    })

    it('gives the same features as a part of an exported graph, for any number of pictures', async () => {
      const backbone = await open(definition, await weightsFile(definition))
      const [height, width] = [50, 70]
      const builder = new GraphBuilder('traced')
      const value = builder.input('pixels', ['batch', height, width, 3])
      const { levels, batch } = await backbone.trace(builder, { value, height, width }, [8, 16])
      expect(batch).toBeNull()
      for (const [index, level] of levels.entries())
        builder.output(`level${index}`, level.value, ['batch', level.height, level.width, level.channels])
      const bytes = builder.build()
      // Folded into the convolutions.
      expect(Buffer.from(bytes).includes('BatchNormalization')).toBe(false)
      const session = await openSession(bytes, { threads: 1 })
      for (const count of [1, 3]) {
        const frames = pictures(count, height, width)
        const expected = await backbone.extract(frames, [8, 16])
        const results = await session.run({ pixels: { shape: [count, height, width, 3], data: Float32Array.from(frames.pixels) } })
        for (const [index, { data, level }] of expected.entries()) {
          const result = results.get(`level${index}`)
          expect(result?.shape).toEqual([count, levels[index].height, levels[index].width, level.channels])
          expect(largestDifference(data, result?.data ?? new Float32Array(0))).toBeLessThan(1e-5)
        }
      }
      await session.dispose()
      await backbone.dispose()
    })
  },
)

describe('a frozen backbone', () => {
  const definition = residualBackbone(NARROW)

  it('normalises its pixels as its definition says', async () => {
    const own: BackboneDefinition = residualBackbone({ ...NARROW, normalization: { mean: [10, 20, 30], std: [2, 4, 8] } })
    const backbone = await open(own, await weightsFile(own))
    const batch = pictures(1, 32, 32)
    const [level] = await backbone.extract(batch, [4])
    const tf = await openTensorEngine()
    const weights = backboneWeights(3, backboneParameters(own))
    const network = createResidualNetwork(tf, { architecture: NARROW, through: 'layer1', weights, use: 'frozen' })
    const normalized = Float32Array.from(batch.pixels, (pixel, index) => (pixel - [10, 20, 30][index % 3]) / [2, 4, 8][index % 3])
    const [expected] = tf.tidy(() => [...network.forward(tf.tensor4d(normalized, [1, 32, 32, 3]), 'inference')])
    expect(largestDifference((await expected.data()) as Float32Array, level.data)).toBeLessThan(1e-5)
    expected.dispose()
    network.dispose()
    await backbone.dispose()
  })

  it('leaves nothing behind in the engine', async () => {
    const tf = await openTensorEngine()
    const before = tf.memory().numTensors
    const backbone = await open(definition, await weightsFile(definition))
    await backbone.extract(pictures(1, 32, 32), [4])
    await backbone.extract(pictures(1, 32, 32), [16])
    const builder = new GraphBuilder('traced')
    await backbone.trace(builder, { value: builder.input('pixels', [1, 32, 32, 3]), height: 32, width: 32 }, [8])
    await backbone.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is traced by the default engine while another computes', async () => {
    process.env['IM_IAD_ENGINE'] = 'wasm'
    try {
      const backbone = await open(definition, await weightsFile(definition))
      const builder = new GraphBuilder('traced')
      const { levels } = await backbone.trace(builder, { value: builder.input('pixels', [1, 32, 32, 3]), height: 32, width: 32 }, [8])
      builder.output('level', levels[0].value, [1, 4, 4, levels[0].channels])
      const session = await openSession(builder.build(), { threads: 1 })
      const batch = pictures(1, 32, 32)
      const results = await session.run({ pixels: { shape: [1, 32, 32, 3], data: Float32Array.from(batch.pixels) } })
      const [level] = await backbone.extract(batch, [8])
      expect((await openTensorEngine()).getBackend()).toBe('wasm')
      expect(largestDifference(level.data, results.get('level')?.data ?? new Float32Array(0))).toBeLessThan(1e-5)
      await session.dispose()
      await backbone.dispose()
    } finally {
      delete process.env['IM_IAD_ENGINE']
    }
  })

  it('takes a classifier, counters and a prefix of all names', async () => {
    const path = await weightsFile(definition, (weights) => {
      const entries = [...weights]
      weights.clear()
      for (const [name, value] of entries) weights.set(`module.${name}`, value)
      weights.set('module.fc.weight', { shape: [10, 64], data: new Float32Array(640) })
      weights.set('module.bn1.num_batches_tracked', { shape: [1], data: new Float32Array(1) })
    })
    const backbone = await open(definition, path)
    expect((await backbone.extract(pictures(1, 32, 32), [4]))[0].data.some((value) => value !== 0)).toBe(true)
    await backbone.dispose()
  })

  const DAMAGES: readonly [string, (weights: Map<string, NamedTensor>) => void, RegExp][] = [
    [
      'lacks parameters and has others',
      (weights) => {
        weights.delete('layer1.0.conv1.weight')
        weights.delete('layer4.1.bn2.bias')
        weights.set('layer5.0.conv1.weight', { shape: [1], data: new Float32Array(1) })
      },
      /missing: layer1\.0\.conv1\.weight, layer4\.1\.bn2\.bias[^]*not of this network: layer5\.0\.conv1\.weight/,
    ],
    [
      'has another shape',
      (weights) => void weights.set('bn1.weight', { shape: [7], data: new Float32Array(7) }),
      /of another shape: bn1\.weight \[7\] instead of \[8\]/,
    ],
    ['is of another network', (weights) => weights.clear(), /of its 100 parameters 100 are missing/],
  ]

  it.each(DAMAGES)('refuses a file that %s, naming the file', async (_name, damage, message) => {
    const path = await weightsFile(definition, damage)
    const opening = open(definition, path)
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toThrow(path)
  })

  it('refuses a tensor with NaN, naming file and tensor', async () => {
    const path = await weightsFile(definition, (weights) => {
      weights.get('layer2.0.bn1.bias')?.data.fill(NaN)
    })
    const backbone = await open(definition, path)
    const extracting = backbone.extract(pictures(1, 32, 32), [8])
    await expect(extracting).rejects.toThrow('layer2.0.bn1.bias')
    await expect(extracting).rejects.toThrow(path)
    // What is asked for does not need it.
    expect(await backbone.extract(pictures(1, 32, 32), [4])).toHaveLength(1)
    await backbone.dispose()
  })

  it('needs a file', async () => {
    await expect(open(definition, null)).rejects.toThrow(/im-iad weights pull narrow/)
    await expect(openTrainableBackbone(definition, { weightsFile: null, threads: 1 }, pretrained(definition))).rejects.toThrow(
      /opened without a file/,
    )
  })
})

sayTensorflowIsMissing()

/** All levels, from the weights of the file. */
function pretrained({ levels }: BackboneDefinition): TrainableBackboneRequest {
  return { start: 'pretrained', random: { normal: () => 0 }, strides: levels.map(({ stride }) => stride) }
}

/** Loss and gradients of all levels in training mode, on an odd size. */
async function gradientsOn(engine: string, definition: BackboneDefinition, path: string): Promise<ReadonlyMap<string, Float32Array>> {
  process.env['IM_IAD_ENGINE'] = engine
  try {
    const tf = await openTensorEngine()
    const backbone = await openTrainableBackbone(definition, { weightsFile: path, threads: 1 }, pretrained(definition))
    const images = tf.tensor4d(uniform(41 * 30 * 3, 5, 4), [1, 41, 30, 3])
    const { loss, gradients } = computeGradients(tf, backbone.variables, () => {
      const levels: readonly Tensor4D[] = backbone.forward(images, 'training')
      expect(levels.map(({ shape }) => shape[3])).toEqual(definition.levels.map(({ channels }) => channels))
      // Deeper levels have so few positions that dividing by their deviation multiplies rounding.
      const used = levels.filter((_, index) => definition.levels[index].stride <= 8)
      return tf.addN(used.map((level) => tf.mean<Scalar>(tf.square(level))))
    })
    const found = new Map([['loss', (await loss.data()) as Float32Array]])
    for (const [name, gradient] of gradients) if (gradient !== null) found.set(name, Float32Array.from(await gradient.data()))
    tf.dispose([loss, images, [...gradients.values()].filter((gradient) => gradient !== null)])
    backbone.dispose()
    return found
  } finally {
    delete process.env['IM_IAD_ENGINE']
  }
}

describe('a trainable backbone', () => {
  it('starts at random without a file, up to the level that is wanted, and takes back the state it gave', async () => {
    const tf = await openTensorEngine()
    const [definition] = DEFINITIONS
    let draws = 0
    const request: TrainableBackboneRequest = { start: 'random', random: { normal: () => Math.sin(++draws) }, strides: [8] }
    const backbone = await openTrainableBackbone(definition, { weightsFile: null, threads: 1 }, request)
    expect(backbone.levels.map(({ stride }) => stride)).toEqual([4, 8])
    const state = await backbone.read()
    expect(Object.keys(state).some((name) => name.startsWith('layer3'))).toBe(false)
    const images = tf.tensor4d(uniform(32 * 32 * 3, 5, 4), [1, 32, 32, 3])
    const features = async (): Promise<readonly number[]> => [...(await backbone.forward(images, 'inference')[1].data())]
    const before = await features()
    for (const variable of backbone.variables.values()) variable.assign(tf.zerosLike(variable))
    expect(await features()).not.toEqual(before)
    backbone.write(new Map(Object.entries(state)))
    expect(await features()).toEqual(before)
    backbone.dispose()
  })

  it('has nothing to train when it is frozen', async () => {
    const [definition] = DEFINITIONS
    const request: TrainableBackboneRequest = { ...pretrained(definition), start: 'frozen' }
    const backbone = await openTrainableBackbone(definition, { weightsFile: await weightsFile(definition), threads: 1 }, request)
    expect(backbone.variables.size).toBe(0)
    backbone.dispose()
  })

  it.each(DEFINITIONS)('has the gradients of the cpu engine on every other: $architecture.id', async (definition) => {
    const path = await weightsFile(definition)
    const expected = await gradientsOn('cpu', definition, path)
    expect(expected.size).toBeGreaterThan(20)
    for (const engine of TESTED_ENGINES.filter((name) => name !== 'cpu')) {
      const found = await gradientsOn(engine, definition, path)
      expect([...found.keys()]).toEqual([...expected.keys()])
      const largest = Math.max(
        ...[...expected.values()].map((values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
      )
      for (const [name, values] of expected) {
        const difference = values.reduce((most, value, index) => Math.max(most, Math.abs(value - (found.get(name)?.[index] ?? NaN))), 0)
        expect([engine, name, difference / largest < 1e-4]).toEqual([engine, name, true])
      }
    }
  })
})
