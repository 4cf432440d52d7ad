import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder, openSession } from '@im-iad/onnx'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  createResidualNetwork,
  fitProgress,
  largestOfMaps,
  limitEpochs,
  loadNetworks,
  openTensorEngine,
  RESNET18,
  residualParameters,
  saveNetworks,
  traceResidualNetwork,
  type ResidualArchitecture,
  type ResidualNetwork,
  type TensorEngine,
} from '../src/index.ts'
import { formulaValue, uniform } from './support/formula-weights.ts'

const NARROW: ResidualArchitecture = { ...RESNET18, id: 'narrow', blocks: [1, 2, 1, 1], width: 8 }

function narrow(tf: TensorEngine, suffix: string = '', architecture: ResidualArchitecture = NARROW): ResidualNetwork {
  const weights = new Map(residualParameters(architecture, 'layer3').map(({ name, shape }) => [name, formulaValue(name + suffix, shape)]))
  return createResidualNetwork(tf, { architecture, through: 'layer3', weights, use: 'trainable' })
}

async function features(tf: TensorEngine, network: ResidualNetwork): Promise<readonly Float32Array[]> {
  const levels = tf.tidy(() =>
    network.forward(tf.tensor4d(uniform(2 * 48 * 32 * 3, 5, 4), [2, 48, 32, 3]), 'inference').map((level) => tf.keep(level)),
  )
  return Promise.all(levels.map(async (level: Tensor4D) => Float32Array.from(await level.data())))
}

describe('limitEpochs', () => {
  it.each([
    [100, null, 40, 100],
    [100, 400, 40, 80],
    [100, 400, 8, 100],
    [100, 400, 41, 66],
    [100, 400, 8000, 1],
  ])('of %s epochs and %s steps with %s samples makes %s epochs', (epochs, limit, sampleCount, expected) => {
    expect(limitEpochs(epochs, limit, { sampleCount, batchSize: 8, lastBatch: 'keep' })).toBe(expected)
  })
})

describe('fitProgress', () => {
  it('names the epoch, with the loss, within its span', () => {
    const told: unknown[] = []
    const report = fitProgress(2, (progress) => told.push(progress), [0.5, 1])
    report({ epoch: 1, step: 3, totalSteps: 4, loss: 0.25, parts: {}, learningRateFactor: 1 })
    expect(told).toEqual([{ fraction: 0.875, stage: 'epoch 2 of 2', loss: 0.25 }])
  })
})

describe('largestOfMaps', () => {
  it('gives the largest value of each picture, below 0 too', () => {
    const data = Float32Array.of(1, 5, 2, 3, -4, -3, -2, -1)
    expect([...largestOfMaps({ height: 2, width: 2, data }, 2)]).toEqual([5, -1])
  })
})

describe('networks in a file', () => {
  it('come back bit by bit, and those of another shape are refused', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const file = join(await mkdtemp(join(tmpdir(), 'im-iad-networks-')), 'model.safetensors')
    const [saved, other] = [narrow(tf), narrow(tf, ' of another')]
    await saveNetworks(file, { student: saved.parameters })
    const expected = await features(tf, saved)
    expect(await features(tf, other)).not.toEqual(expected)
    await loadNetworks('TOY', file, { student: other.parameters })
    expect(await features(tf, other)).toEqual(expected)
    const wide = narrow(tf, '', { ...NARROW, width: 16 })
    await expect(loadNetworks('TOY', file, { student: wide.parameters })).rejects.toThrow(
      /no TOY model that fits[^]*"conv1.weight" has another shape[^]*\[8, 3, 7, 7\] was given, \[16, 3, 7, 7\] is needed/,
    )
    await expect(loadNetworks('TOY', file, { teacher: other.parameters })).rejects.toThrow(/no parameter "conv1.weight"[^]*of the teacher/)
  })
})

describe('a residual network in a graph', () => {
  it('gives the features of its forward pass, for any batch', async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const network = narrow(tf)
    const expected = await features(tf, network)
    const graph = new GraphBuilder('traced')
    const images = graph.node('Transpose', [graph.input('images', ['n', 48, 32, 3])], { perm: [0, 3, 1, 2] })
    const values = await network.parameters.read()
    const levels = traceResidualNetwork(graph, images, { architecture: NARROW, through: 'layer3', values })
    for (const [index, level] of levels.entries())
      graph.output(`level${index}`, graph.node('Transpose', [level], { perm: [0, 2, 3, 1] }), ['n', 'h', 'w', 'c'])
    const session = await openSession(graph.build(), { threads: 1 })
    const results = await session.run({ images: { shape: [2, 48, 32, 3], data: uniform(2 * 48 * 32 * 3, 5, 4) } })
    await session.dispose()
    for (const [index, level] of expected.entries()) {
      const found = results.get(`level${index}`)?.data ?? new Float32Array(0)
      expect(found).toHaveLength(level.length)
      const largest = level.reduce((most, value) => Math.max(most, value), 0)
      expect(level.reduce((most, value, place) => Math.max(most, Math.abs(value - found[place])), 0)).toBeLessThan(1e-5 * largest)
    }
  })
})
