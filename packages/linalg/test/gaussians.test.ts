import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGaussianAccumulator, factorCholesky, packedLength, squaredMahalanobis } from '../src/index.ts'

const samples = fc
  .integer({ min: 1, max: 4 })
  .chain((dimension) =>
    fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: dimension, maxLength: dimension }), { minLength: 1, maxLength: 9 }),
  )

/** Mean and unbiased covariance by their definitions. */
function moments(vectors: readonly (readonly number[])[]): {
  readonly mean: readonly number[]
  readonly covariance: (row: number, column: number) => number
} {
  const mean = vectors[0]?.map((_, column) => vectors.reduce((sum, vector) => sum + (vector[column] ?? 0), 0) / vectors.length) ?? []
  const deviation = (vector: readonly number[], column: number): number => (vector[column] ?? 0) - (mean[column] ?? 0)
  return {
    mean,
    covariance: (row, column) =>
      vectors.length === 1
        ? 0
        : vectors.reduce((sum, vector) => sum + deviation(vector, row) * deviation(vector, column), 0) / (vectors.length - 1),
  }
}

describe('createGaussianAccumulator', () => {
  it('gives mean and unbiased covariance at every position, far from zero too', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(0, 1024), (vectors, offset) => {
        const dimension = vectors[0]?.length ?? 0
        const accumulator = createGaussianAccumulator(2, dimension)
        for (const vector of vectors)
          accumulator.add(Float32Array.from([...vector.map((value) => value + offset), ...vector.map((value) => value * 2)]))
        const expected = moments(vectors)
        const mean = new Float64Array(dimension)
        const packed = new Float64Array(packedLength(dimension))
        for (const [position, scale] of [
          [0, 1],
          [1, 2],
        ] as const) {
          accumulator.mean(position, mean)
          accumulator.covariance(position, 0.01, packed)
          for (let row = 0, place = 0; row < dimension; row++) {
            expect(mean[row]).toBeCloseTo((expected.mean[row] ?? 0) * scale + (position === 0 ? offset : 0), 10)
            for (let column = 0; column <= row; column++, place++)
              expect(packed[place]).toBeCloseTo(expected.covariance(row, column) * scale ** 2 + (row === column ? 0.01 : 0), 9)
          }
        }
      }),
    )
  })

  it('refuses another number of values', () => {
    expect(() => createGaussianAccumulator(2, 3).add(new Float32Array(5))).toThrow('2 vectors of 3 values expected, got 5 values')
  })
})

describe('Cholesky', () => {
  it('factorises covariances, and measures what solving the system measures', () => {
    fc.assert(
      fc.property(samples, fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }), (vectors, numbers) => {
        const dimension = vectors[0]?.length ?? 0
        const accumulator = createGaussianAccumulator(1, dimension)
        for (const vector of vectors) accumulator.add(Float32Array.from(vector))
        const matrix = new Float64Array(packedLength(dimension))
        accumulator.covariance(0, 0.5, matrix)
        const factor = matrix.slice()
        factorCholesky(factor, dimension)
        const at = (packed: Float64Array, row: number, column: number): number => (column > row ? 0 : packed[packedLength(row) + column])
        for (let row = 0; row < dimension; row++)
          for (let column = 0; column <= row; column++) {
            let product = 0
            for (let inner = 0; inner < dimension; inner++) product += at(factor, row, inner) * at(factor, column, inner)
            expect(product).toBeCloseTo(at(matrix, row, column), 9)
          }
        // With x = A y the squared distance of x is yᵀ A y.
        const y = numbers.slice(0, dimension)
        const symmetric = (row: number, column: number): number => at(matrix, Math.max(row, column), Math.min(row, column))
        const x = Float64Array.from(y, (_, row) => y.reduce((sum, value, column) => sum + symmetric(row, column) * value, 0))
        const expected = y.reduce((sum, value, row) => sum + value * x[row], 0)
        const distances = new Float64Array(2)
        squaredMahalanobis(factor, dimension, Float64Array.from([...x, ...x]), distances)
        expect(distances[0]).toBeCloseTo(expected, 6)
        expect(distances[1]).toBe(distances[0])
      }),
    )
  })

  it('names the row where a matrix is not positive definite', () => {
    expect(() => factorCholesky(Float64Array.of(1, 2, 4), 2)).toThrow('the pivot of row 1 is 0')
  })
})
