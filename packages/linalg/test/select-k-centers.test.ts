import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectKCenters, type KCenterStart, type Matrix } from '../src/index.ts'
import { distance, matrixOf, product } from './support.ts'

/** The plain procedure. */
function naive(points: Matrix, count: number, start: KCenterStart): readonly number[] {
  const all = [...Array(points.rows).keys()]
  const distances = all.map((point) =>
    start.kind === 'point'
      ? Infinity
      : (start.indices.reduce((sum, index) => sum + Math.sqrt(distance(points, point, index)), 0) / start.indices.length) ** 2,
  )
  const picks: number[] = []
  while (picks.length < count) {
    const pick = picks.length === 0 && start.kind === 'point' ? start.index : distances.indexOf(Math.max(...distances))
    picks.push(pick)
    for (const point of all) distances[point] = Math.min(distances[point] ?? 0, distance(points, point, pick))
  }
  return picks
}

const select = async (points: Matrix, count: number, start: KCenterStart): Promise<readonly number[]> => [
  ...(await selectKCenters({ points, count, start, product })),
]

/** Points with duplicates, clusters and, by `scale` and `offset`, cancellation. */
const clouds = fc
  .record({
    rows: fc.integer({ min: 1, max: 60 }),
    columns: fc.integer({ min: 1, max: 5 }),
    scale: fc.constantFrom(1, 0.001, 1000),
    offset: fc.constantFrom(0, 0, 1000),
    levels: fc.constantFrom(2, 9, 100_000),
  })
  .chain(({ rows, columns, scale, offset, levels }) =>
    fc
      .array(
        fc.array(
          fc.nat(levels).map((level) => offset + (level * scale) / levels),
          { minLength: columns, maxLength: columns },
        ),
        { minLength: rows, maxLength: rows },
      )
      .map(matrixOf),
  )

describe('selectKCenters', () => {
  it('picks what the plain procedure picks, from a point', async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.nat(), fc.nat(), async (points, countSeed, startSeed) => {
        const count = 1 + (countSeed % points.rows)
        const start = { kind: 'point', index: startSeed % points.rows } as const
        expect(await select(points, count, start)).toEqual(naive(points, count, start))
      }),
      { numRuns: 300 },
    )
  })

  it('picks what the plain procedure picks, from mean distances', async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.nat(), async (points, seed) => {
        const start = { kind: 'mean-distance', indices: [seed % points.rows, (seed * 7) % points.rows] } as const
        expect(await select(points, points.rows, start)).toEqual(naive(points, points.rows, start))
      }),
      { numRuns: 200 },
    )
  })

  it('picks what the plain procedure picks when pools are smaller than the points', async () => {
    let state = 1
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647
    const points = matrixOf(
      Array.from({ length: 700 }, (_, index) => Array.from({ length: 6 }, () => uniform() + (index % 10 === 0 ? 3 * uniform() : 0))),
    )
    expect(await select(points, 400, { kind: 'point', index: 3 })).toEqual(naive(points, 400, { kind: 'point', index: 3 }))
  })

  it('reports rising progress and stops when it is told to', async () => {
    const points = matrixOf(Array.from({ length: 600 }, (_, index) => [Math.sin(index), index % 17]))
    const fractions: number[] = []
    await selectKCenters({
      points,
      count: 300,
      start: { kind: 'point', index: 0 },
      product,
      onProgress: (fraction) => fractions.push(fraction),
    })
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions.at(-1)).toBe(1)
    const stopped = selectKCenters({
      points,
      count: 300,
      start: { kind: 'point', index: 0 },
      product,
      signal: AbortSignal.abort(new Error('stop')),
    })
    await expect(stopped).rejects.toThrow('stop')
  })

  it.each([
    [0, [[1]], 'cannot select 0 of 1 points'],
    [3, [[1], [2]], 'cannot select 3 of 2 points'],
    [1, [[1], [Number.NaN]], 'point 1 holds a value that is not finite'],
  ])('refuses %i picks of %j', async (count, rows, message) => {
    await expect(select(matrixOf(rows), count, { kind: 'point', index: 0 })).rejects.toThrow(message)
  })
})
