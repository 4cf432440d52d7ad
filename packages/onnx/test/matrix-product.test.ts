import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMatrixProduct, type Matrix, type MatrixProduct } from '../src/index.ts'

let product: MatrixProduct

beforeAll(async () => {
  product = await createMatrixProduct({ threads: 1 })
})

afterAll(() => product.dispose())

const matrix = (rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc
    .array(fc.integer({ min: -9, max: 9 }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values) => ({ rows, columns, data: Float32Array.from(values) }))

describe('multiplyByTranspose', () => {
  it('equals the definition for matrices of any size', async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    const pairs = sizes.chain(([n, m, d]) => fc.tuple(matrix(n, d), matrix(m, d)))
    await fc.assert(
      fc.asyncProperty(pairs, async ([left, right]) => {
        const { rows, columns, data } = await product.multiplyByTranspose(left, right)
        expect([rows, columns]).toEqual([left.rows, right.rows])
        const dot = (row: number, column: number): number => {
          let sum = 0
          for (let k = 0; k < left.columns; k++) sum += left.data[row * left.columns + k] * right.data[column * left.columns + k]
          return sum
        }
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) expect(data[row * columns + column]).toBe(dot(row, column))
      }),
      { numRuns: 50 },
    )
  })
})

describe('leastEstimates', () => {
  it('equals the definition for groups of any size', async () => {
    const sizes = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 6 })))
    const cases = sizes.chain(([n = 1, d = 1, groups = 1, group = 1]) =>
      fc.tuple(matrix(n, d), matrix(groups * group, d), matrix(1, groups * group), fc.constant(group)),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([left, right, norms, group]) => {
        const { data: products } = await product.multiplyByTranspose(left, right)
        const { rows, columns, data } = await product.leastEstimates(left, right, norms.data, group)
        expect([rows, columns]).toEqual([left.rows, right.rows / group])
        const estimates = products.map((value, index) => (norms.data[index % right.rows] ?? Number.NaN) - 2 * value)
        for (let place = 0; place < data.length; place++)
          expect(data[place]).toBe(Math.min(...estimates.subarray(place * group, (place + 1) * group)))
      }),
      { numRuns: 50 },
    )
  })
})
