import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendRows, createGaussianAccumulator, factorGaussians, mahalanobisDistances, whiteningMatrices } from '../src/index.ts'
import { matrixOf } from './support.ts'

const REGULARIZATION = 0.1

const fields = fc
  .record({ positions: fc.integer({ min: 1, max: 4 }), dimension: fc.integer({ min: 1, max: 5 }) })
  .chain(({ positions, dimension }) => {
    const vectors = fc
      .array(fc.integer({ min: -50, max: 50 }), { minLength: positions * dimension, maxLength: positions * dimension })
      .map((values) => Float32Array.from(values, (value) => value / 10))
    return fc.record({
      positions: fc.constant(positions),
      dimension: fc.constant(dimension),
      samples: fc.array(vectors, { minLength: 1, maxLength: 6 }),
      queries: fc.array(vectors, { minLength: 1, maxLength: 3 }),
    })
  })

describe('a field of Gaussians', () => {
  it('gives the lengths of whitened deviations', () => {
    fc.assert(
      fc.property(fields, ({ positions, dimension, samples, queries }) => {
        const accumulator = createGaussianAccumulator(positions, dimension)
        for (const sample of samples) accumulator.add(sample)
        const field = factorGaussians(accumulator, REGULARIZATION)
        const matrices = whiteningMatrices(field)
        const distances = mahalanobisDistances(field, Float32Array.from(queries.flatMap((query) => [...query])), queries.length)
        for (const [place, distance] of distances.entries()) {
          const [query, position] = [queries[Math.floor(place / positions)] ?? new Float32Array(), place % positions]
          const deviation = Array.from(
            { length: dimension },
            (_, axis) => query[position * dimension + axis] - field.means[position * dimension + axis],
          )
          const whitened = deviation.map((_, column) =>
            deviation.reduce((sum, value, row) => sum + value * matrices[(position * dimension + row) * dimension + column], 0),
          )
          expect(distance).toBeCloseTo(Math.hypot(...whitened), 3)
        }
      }),
    )
  })

  it('is as wide as the regularisation where there is one sample', () => {
    const accumulator = createGaussianAccumulator(2, 2)
    accumulator.add(Float32Array.of(1, 2, 3, 4))
    const distances = mahalanobisDistances(factorGaussians(accumulator, 0.01), Float32Array.of(1, 2, 3, 4, 2, 2, 3, 2), 2)
    expect([...distances].map((distance) => Math.round(distance * 1000) / 1000)).toEqual([0, 0, 10, 20])
  })
})

describe('appendRows', () => {
  it('puts one matrix below the other, of as many columns only', () => {
    expect(
      appendRows(
        matrixOf([[1, 2]]),
        matrixOf([
          [3, 4],
          [5, 6],
        ]),
      ),
    ).toEqual(
      matrixOf([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
    expect(() => appendRows(matrixOf([[1, 2]]), matrixOf([[3]]))).toThrow('rows of 2 and of 1 columns')
  })
})
