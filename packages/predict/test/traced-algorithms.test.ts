import { join } from 'node:path'
import draem from '@im-iad/algo-draem'
import padim from '@im-iad/algo-padim'
import patchcore from '@im-iad/algo-patchcore'
import embedded from '@im-iad/backbone-embedded'
import type { AlgorithmInstance, AlgorithmPlugin, FeatureExtractor, Prediction } from '@im-iad/core'
import { GraphBuilder, openSession, type GraphOptions } from '@im-iad/onnx'
import { batchOf, blockBackbone, contextFor, fitRequest, modelFolder, picture } from '@im-iad/testkit'
import { readSafetensors, writeSafetensors } from '@im-iad/weights'
import { beforeAll, describe, expect, it } from 'vitest'

const SIZE = 32
const NORMAL = [0, 1, 2, 3, 4].map(picture)
const NEW = batchOf(picture(9), picture(20), picture(33))

let backbone: FeatureExtractor

beforeAll(async () => {
  backbone = await embedded.open({ weightsFile: null, threads: 1 })
})

async function create<Parameters extends object>(
  plugin: AlgorithmPlugin<Parameters>,
  given: Readonly<Record<string, unknown>>,
  own = backbone,
): Promise<AlgorithmInstance> {
  const result = plugin.parameters['~standard'].validate({ size: SIZE, backbone: 'embedded', ...given })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return plugin.create(result.value, await contextFor(own))
}

async function fitted<Parameters extends object>(
  plugin: AlgorithmPlugin<Parameters>,
  given: Readonly<Record<string, unknown>>,
): Promise<AlgorithmInstance> {
  const model = await create(plugin, given)
  await model.fit(fitRequest(NORMAL))
  return model
}

/** What the model's graph gives for the same pictures. */
async function traced(model: AlgorithmInstance, options: GraphOptions = {}): Promise<Prediction> {
  const graph = new GraphBuilder('traced', options)
  const value = graph.input('frames', ['n', SIZE, SIZE, 3])
  const prediction = await model.trace?.(graph, { value, height: SIZE, width: SIZE })
  if (prediction?.maps === undefined) throw new Error('no maps were traced')
  graph.output('scores', prediction.scores, ['n'])
  graph.output('maps', prediction.maps.value, ['n', 'h', 'w'])
  const session = await openSession(graph.build(), { threads: 1 })
  const results = await session.run({ frames: { shape: [NEW.count, SIZE, SIZE, 3], data: Float32Array.from(NEW.pixels) } })
  await session.dispose()
  const { height, width } = prediction.maps
  return {
    scores: results.get('scores')?.data ?? new Float32Array(0),
    maps: { height, width, data: results.get('maps')?.data ?? new Float32Array(0) },
  }
}

async function expectAlike(model: AlgorithmInstance, tolerance: number = 1e-5): Promise<void> {
  const expected = await model.predict(NEW)
  const found = await traced(model)
  expect(found.maps?.height).toBe(expected.maps?.height)
  expectClose(found.scores, expected.scores, tolerance)
  expectClose(found.maps?.data ?? new Float32Array(0), expected.maps?.data ?? new Float32Array(1), tolerance)
}

function expectClose(found: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(found).toHaveLength(expected.length)
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(scale).toBeGreaterThan(0)
  const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - (found[index] ?? Number.NaN))), 0)
  expect(worst / scale).toBeLessThan(tolerance)
}

describe("PatchCore's graph gives what predict gives", () => {
  it.each([
    ['as it comes', {}],
    ['with one level', { levels: [16] }],
    ['re-weighted by the paper', { reweightingNeighbors: 4 }],
    ["re-weighted by open-iad's code", { reweightingNeighbors: 4, reweighting: 'open-iad' }],
    ['re-weighted by more rows than there are', { reweightingNeighbors: 200, coresetRatio: 0.1 }],
    ['with channels pooled', { targetDimension: 30 }],
    ['with a level that has just its share of channels', { targetDimension: 68 }],
    ['with a single row', { coresetRatio: 0.001 }],
  ])('%s', async (_, given) => {
    await expectAlike(await fitted(patchcore, { levels: [8, 16], coresetRatio: 1, ...given }))
  })

  it.each([1, 3])('with a memory of more rows than are searched at a time, %i neighbours', async (reweightingNeighbors) => {
    const dimension = 34 + 42
    const rows = 20_000
    let state = 1
    const data = Float32Array.from({ length: rows * dimension }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return (state / 2 ** 32) * 3
    })
    const folder = await modelFolder()
    await writeSafetensors(join(folder, 'patchcore.safetensors'), { bank: { shape: [rows, dimension], data } })
    const model = await create(patchcore, { levels: [8, 16], reweightingNeighbors })
    await model.load(folder)
    await expectAlike(model)
  })

  it('where distances are far below the norms of the features', async () => {
    // The memory holds the pictures' own patches but for a thousandth of their length.
    const model = await create(patchcore, { levels: [8], coresetRatio: 1 })
    const folder = await modelFolder()
    await model.fit(fitRequest([picture(9), picture(20), picture(33)]))
    await model.save(folder)
    const bank = (await readSafetensors(join(folder, 'patchcore.safetensors'))).get('bank')
    if (!(bank?.data instanceof Float32Array)) throw new Error('no memory')
    await writeSafetensors(join(folder, 'patchcore.safetensors'), {
      bank: { shape: bank.shape, data: bank.data.map((value, index) => value * (1 + 0.001 * Math.sin(index))) },
    })
    await model.load(folder)
    // Squares of differences a thousandth as large as the features: float32 leaves three digits less.
    await expectAlike(model, 1e-4)
  })
})

describe("PaDiM's graph gives what predict gives", () => {
  it.each([
    ['as it comes', {}],
    ['with one level', { levels: [8] }],
    ['with channels of some levels only', { channels: 2 }],
    ['with less regularisation', { regularization: 0.001 }],
  ])('%s', async (_, given) => {
    await expectAlike(await fitted(padim, { channels: 40, ...given }))
  })

  it('is refused when its matrices take too much', async () => {
    const model = await fitted(padim, { channels: 40 })
    await expect(traced(model, { maximumBytes: 300_000 })).rejects.toThrow('too large for one ONNX file [IM_IAD_E_ONNX_SIZE]')
  })
})

describe("DRAEM's graph gives what predict gives", () => {
  async function trained(given: Readonly<Record<string, unknown>>): Promise<AlgorithmInstance> {
    const parameters = draem.parameters['~standard'].validate({ size: SIZE, restorerWidth: 2, segmenterWidth: 3, batchSize: 2, ...given })
    if (parameters instanceof Promise || parameters.issues !== undefined) throw new Error('invalid parameters')
    return draem.create(parameters.value, await contextFor(backbone))
  }

  it.each([
    ['as it is drawn', { epochs: 0 }],
    ['trained', { epochs: 4, learningRate: 1e-3 }],
    ['with a smaller window and statistics measured anew', { epochs: 4, learningRate: 1e-3, scoreRadius: 2, statisticsBatches: 3 }],
    ['with a window of one pixel', { epochs: 0, scoreRadius: 0 }],
    ['with a window larger than the picture', { epochs: 0, scoreRadius: 40 }],
  ])('%s', async (_, given) => {
    const model = await trained(given)
    await model.fit(fitRequest(NORMAL))
    await expectAlike(model)
    await model.dispose()
  })

  it('needs a fitted model', async () => {
    await expect(traced(await trained({}))).rejects.toThrow('IM_IAD_E_NOT_FITTED')
  })
})

describe('a backbone without a graph', () => {
  const given = { levels: [4, 8], backbone: 'blocks' }

  it.each([
    ['patchcore', () => create(patchcore, given, blockBackbone([4, 8], 5))],
    ['padim', () => create(padim, given, blockBackbone([4, 8], 5))],
  ])('makes a model that can be fitted and not exported: %s', async (_, make) => {
    const model = await make()
    await model.fit(fitRequest(NORMAL))
    await expect(traced(model)).rejects.toThrow(/backbone "blocks" can't be exported \[IM_IAD_E_EXPORT\]/)
  })

  it('needs a fitted model', async () => {
    await expect(traced(await create(patchcore, { levels: [4, 8] }))).rejects.toThrow('IM_IAD_E_NOT_FITTED')
    await expect(traced(await create(padim, { levels: [4, 8] }))).rejects.toThrow('IM_IAD_E_NOT_FITTED')
  })
})
