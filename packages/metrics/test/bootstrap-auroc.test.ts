import { createRandomSource } from '@im-iad/core'
import { describe, expect, it } from 'vitest'
import { bootstrapAuroc, type LabelledScores } from '../src/index.ts'

const random = () => createRandomSource(7, 'test').stream('bootstrap')

/** Normal distributions a distance apart: AUROC is Phi(distance / sqrt(2)). */
function draw(distance: number, seed: number, normals: number = 60, anomalies: number = 40): LabelledScores {
  const stream = createRandomSource(seed, 'test').stream('scores')
  return {
    normal: Float64Array.from({ length: normals }, () => stream.normal()),
    anomalous: Float64Array.from({ length: anomalies }, () => stream.normal() + distance),
  }
}

describe('bootstrapAuroc', () => {
  it('covers the true area about as often as it says', () => {
    // Phi(1 / sqrt(2)) = 0.7602.
    let covered = 0
    const repetitions = 200
    for (let seed = 0; seed < repetitions; seed++) {
      const [interval] = bootstrapAuroc([draw(1, seed)], { confidence: 0.9, resamples: 300, random: random() }).methods
      if (interval !== undefined && interval.low <= 0.76025 && interval.high >= 0.76025) covered++
    }
    expect(covered / repetitions).toBeGreaterThan(0.82)
    expect(covered / repetitions).toBeLessThan(0.97)
  })

  it('is the same for the same stream', () => {
    const ask = () => bootstrapAuroc([draw(1, 1), draw(2, 2)], { confidence: 0.95, resamples: 200, random: random() })
    expect(ask()).toEqual(ask())
  })

  it('compares methods on the same pictures', () => {
    const weak = draw(0.5, 3)
    const strong = { normal: weak.normal, anomalous: weak.anomalous.map((score) => score + 1) }
    const { methods, best } = bootstrapAuroc([weak, strong], { confidence: 0.95, resamples: 300, random: random() })
    expect(methods[1]?.auroc).toBeGreaterThan(methods[0]?.auroc ?? 1)
    expect(best[1]).toBeGreaterThan(0.99)
    const same = bootstrapAuroc([weak, weak], { confidence: 0.95, resamples: 300, random: random() })
    expect(same.best[0]).toBeCloseTo(0.5, 12)
  })

  it('refuses what it cannot compare', () => {
    const options = { confidence: 0.95, resamples: 10, random: random() }
    expect(() => bootstrapAuroc([{ normal: new Float64Array(0), anomalous: new Float64Array(3) }], options)).toThrow('at least one')
    expect(() => bootstrapAuroc([draw(1, 1), draw(1, 1, 10)], options)).toThrow('same pictures')
  })
})
