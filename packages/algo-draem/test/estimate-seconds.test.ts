import { describe, expect, it } from 'vitest'
import { estimateSeconds } from '../src/estimate-seconds.ts'
import draem from '../src/index.ts'
import type { DraemParameters } from '../src/parameters.ts'

function parameters(change: Partial<DraemParameters>): DraemParameters {
  const result = draem.parameters['~standard'].validate({ ...draem.budgets.laptop, ...change })
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return result.value
}

const PICTURES = { train: 40, test: 44 }

describe('the estimate', () => {
  it.each([
    [0.5, { size: 128, restorerWidth: 8, segmenterWidth: 8 }],
    [0.16, { size: 64, restorerWidth: 8, segmenterWidth: 8 }],
    [1.4, { size: 256, restorerWidth: 8, segmenterWidth: 8 }],
    [0.97, { size: 128, restorerWidth: 16, segmenterWidth: 16 }],
    [1.6, { size: 128, restorerWidth: 32, segmenterWidth: 32, batchSize: 4 }],
  ])('of a training step is within 40 %% of the measured %s s: %o', (seconds, change) => {
    const [short, long] = [100, 300].map((stepLimit) => estimateSeconds(parameters({ ...change, stepLimit }), PICTURES))
    expect((long - short) / 200).toBeGreaterThan(seconds / 1.4)
    expect((long - short) / 200).toBeLessThan(seconds * 1.4)
  })

  it('grows with what is asked for', () => {
    const plain = estimateSeconds(parameters({ statisticsBatches: 0 }), PICTURES)
    expect(estimateSeconds(parameters({ statisticsBatches: 20 }), PICTURES)).toBeGreaterThan(plain)
    expect(estimateSeconds(parameters({ statisticsBatches: 0 }), { train: 40, test: 400 })).toBeGreaterThan(plain)
    expect(estimateSeconds(parameters({ epochs: 0, statisticsBatches: 20 }), PICTURES)).toBeLessThan(10)
  })
})
