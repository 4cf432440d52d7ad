import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestNeighbors, prepareBank, type Matrix, type Nearest } from '../src/index.ts'
import { distance, matrixOf, product } from './support.ts'

const search = (queries: Matrix, bank: Matrix, count: number): Promise<Nearest> =>
  nearestNeighbors({ queries, bank: prepareBank(bank), count, product })

const rowsOf = (columns: number, most: number): fc.Arbitrary<readonly (readonly number[])[]> =>
  fc.array(
    fc.array(
      fc.integer({ min: 0, max: 5 }).map((level) => 500 + level / 3),
      { minLength: columns, maxLength: columns },
    ),
    { minLength: 1, maxLength: most },
  )

const cases = fc.integer({ min: 1, max: 4 }).chain((columns) => fc.tuple(rowsOf(columns, 8), rowsOf(columns, 100)))

describe('nearestNeighbors', () => {
  it('finds the nearest rows, of equally near ones the lowest', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async ([queries, bank], seed) => {
        const count = 1 + (seed % bank.length)
        const both = matrixOf([...queries, ...bank])
        const found = await search(matrixOf(queries), matrixOf(bank), count)
        for (const query of queries.keys()) {
          const expected = [...bank.keys()]
            .map((index) => ({ index, distance: distance(both, query, queries.length + index) }))
            .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
            .slice(0, count)
          expect([...found.indices.subarray(query * count, (query + 1) * count)]).toEqual(expected.map(({ index }) => index))
          expect([...found.squaredDistances.subarray(query * count, (query + 1) * count)]).toEqual(
            expected.map((one) => Math.fround(one.distance)),
          )
        }
      }),
    )
  })

  it('gives the same for a query whatever is asked with it', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([queries, bank]) => {
        const together = await search(matrixOf(queries), matrixOf(bank), 1)
        for (const [index, query] of queries.entries())
          expect((await search(matrixOf([query]), matrixOf(bank), 1)).squaredDistances[0]).toBe(together.squaredDistances[index])
      }),
    )
  })

  it('refuses what can not be found', async () => {
    await expect(search(matrixOf([[1]]), matrixOf([[1]]), 2)).rejects.toThrow('the bank has 1 rows of 1 columns')
    await expect(search(matrixOf([[1, 2]]), matrixOf([[1]]), 1)).rejects.toThrow('the queries have 2 columns')
  })
})
