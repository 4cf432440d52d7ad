import type { AlgorithmInstance, Prediction } from '@im-iad/core'
import { GraphBuilder, openSession } from '@im-iad/onnx'
import { describe, expect, it } from 'vitest'
import { frozenModel, trainedModel } from './support/models.ts'
import { batchOf, dotted, requestOf, SIZE, TRAINING } from './support/pictures.ts'

const NEW = [dotted(300), dotted(301)]

/** What the model's graph gives for a picture. */
async function tracedPrediction(model: AlgorithmInstance, pixels: Uint8Array): Promise<Prediction> {
  const graph = new GraphBuilder('traced')
  const value = graph.input('frames', ['n', SIZE, SIZE, 3])
  const traced = await model.trace?.(graph, { value, height: SIZE, width: SIZE })
  if (traced?.maps === undefined) throw new Error('no maps were traced')
  expect(traced.batch).toBe(1)
  graph.output('scores', traced.scores, [1])
  graph.output('maps', traced.maps.value, [1, SIZE, SIZE])
  const session = await openSession(graph.build(), { threads: 1 })
  const results = await session.run({ frames: { shape: [1, SIZE, SIZE, 3], data: Float32Array.from(pixels) } })
  await session.dispose()
  const data = (name: string): Float32Array => results.get(name)?.data ?? new Float32Array()
  return { scores: data('scores'), maps: { height: SIZE, width: SIZE, data: data('maps') } }
}

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found).toHaveLength(expected.length)
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(scale).toBeGreaterThan(0)
  const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - (found[index] ?? Number.NaN))), 0)
  expect(worst / scale).toBeLessThan(1e-4)
}

describe("DevNet's graph gives what predict gives", () => {
  it.each([
    ['gradients through a frozen backbone', () => frozenModel()],
    ['gradients as they are', () => frozenModel({ map: 'raw-gradient' })],
    ['responses of a frozen backbone', () => frozenModel({ map: 'response' })],
    ['gradients through a trained backbone', () => trainedModel()],
    ['responses of a trained backbone', () => trainedModel({ map: 'response' })],
  ] as const)('%s', async (_, create) => {
    const model = await create()
    await model.fit(requestOf(TRAINING))
    for (const pixels of NEW) {
      const expected = await model.predict(batchOf(pixels))
      const found = await tracedPrediction(model, pixels)
      expectClose(found.scores, expected.scores)
      expectClose(found.maps?.data ?? new Float32Array(), expected.maps?.data ?? new Float32Array(1))
    }
  })

  it('a backbone that can not be written is refused by name', async () => {
    const { blockBackbone } = await import('@im-iad/testkit')
    const model = await frozenModel({ map: 'response' }, 0, { backbone: () => Promise.resolve(blockBackbone([8], 4)) })
    await model.fit(requestOf(TRAINING))
    await expect(tracedPrediction(model, NEW[0])).rejects.toThrow(/can't be exported[^]*the backbone "resnet18"/)
  })
})
