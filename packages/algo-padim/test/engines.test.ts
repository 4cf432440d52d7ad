import type { Prediction } from '@im-iad/core'
import { openTensorEngine, TENSOR_ENGINES } from '@im-iad/nn'
import { batchOf, blockBackbone, contextFor, fitRequest, picture } from '@im-iad/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import padim from '../src/index.ts'

const configured = process.env['IM_IAD_ENGINE']

afterAll(() => {
  if (configured === undefined) delete process.env['IM_IAD_ENGINE']
  else process.env['IM_IAD_ENGINE'] = configured
})

async function predictOn(engine: string): Promise<Prediction> {
  process.env['IM_IAD_ENGINE'] = engine
  const result = padim.parameters['~standard'].validate({ size: 32, levels: [4, 8], batchSize: 2 })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  const model = await padim.create(result.value, await contextFor(blockBackbone([4, 8], 5), 0))
  await model.fit(fitRequest([0, 1, 2, 3, 4].map(picture)))
  const prediction = await model.predict(batchOf(picture(9), picture(12)))
  await model.dispose()
  return prediction
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

const tensorflow = await openTensorEngine({ engine: 'tensorflow' }).catch((error: Error) => {
  process.stderr.write(`NOT TESTED: PaDiM on the tensorflow engine: ${error.message}\n`)
  return null
})

const engines = TENSOR_ENGINES.filter((engine) => engine !== 'cpu' && (engine !== 'tensorflow' || tensorflow !== null))

describe.each(engines)('PaDiM on the %s engine', (engine) => {
  it('has the scores and maps of the cpu engine', async () => {
    const [expected, actual] = [await predictOn('cpu'), await predictOn(engine)]
    const pairs = [
      [expected.scores, actual.scores],
      [expected.maps?.data ?? new Float32Array(), actual.maps?.data ?? new Float32Array()],
    ] as const
    for (const [wanted, given] of pairs) {
      expect(given.length).toBe(wanted.length)
      // Rounding of float32 sums in another order.
      expect(largest(wanted.map((value, index) => value - (given[index] ?? Number.NaN))) / largest(wanted)).toBeLessThan(1e-5)
    }
  })
})
