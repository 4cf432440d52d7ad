import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latticePoints, perlinNoise, rotateImage, rotatePlane, type NoiseGrid } from '../src/index.ts'

/** NumPy's legacy `rand(3, 5)` after seed 0. */
const DIRECTIONS = [
  0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969, 0.4236547993389047, 0.6458941130666561,
  0.4375872112626925, 0.8917730007820798, 0.9636627605010293, 0.3834415188257777, 0.7917250380826646, 0.5288949197529045,
  0.5680445610939323, 0.925596638292661, 0.07103605819788694,
]

const grids = fc.record({ rows: fc.integer({ min: 1, max: 16 }), columns: fc.integer({ min: 1, max: 16 }) })

function directionsOf(grid: NoiseGrid): fc.Arbitrary<readonly number[]> {
  const count = latticePoints(grid)
  return fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count })
}

describe('perlinNoise', () => {
  it('has the numbers of the code that DRAEM was published with', () => {
    const noise = perlinNoise({ height: 8, width: 8 }, { rows: 2, columns: 4 }, DIRECTIONS)
    const row = [-0.235358, 0.069343, 0.032687, -0.234596, -0.338522, -0.492202, -0.41138, -0.572695]
    row.forEach((value, column) => expect(noise[8 + column]).toBeCloseTo(value, 6))
    expect(noise.reduce((sum, value) => sum + value, 0)).toBeCloseTo(-7.123109, 4)
    expect(Math.max(...noise)).toBeCloseTo(0.596641, 6)
  })

  it('stays within [-1, 1], is 0 at lattice points and the same for the same directions', () => {
    const cases = grids.chain((grid) => fc.tuple(fc.constant(grid), directionsOf(grid)))
    fc.assert(
      fc.property(cases, ([grid, directions]) => {
        const [height, width] = [grid.rows * 4, grid.columns * 4]
        const noise = perlinNoise({ height, width }, grid, directions)
        expect(noise.every((value) => Math.abs(value) <= 1)).toBe(true)
        for (let row = 0; row < grid.rows; row++)
          for (let column = 0; column < grid.columns; column++) expect(noise[row * 4 * width + column * 4]).toBeCloseTo(0, 12)
        expect(perlinNoise({ height, width }, grid, directions)).toEqual(noise)
      }),
      { numRuns: 50 },
    )
  })

  it('turns with its grid: rows and columns are treated alike', () => {
    const transposed = [0, 1, 2, 3, 4].flatMap((column) => [0, 1, 2].map((row) => 0.25 - DIRECTIONS[row * 5 + column]))
    const noise = perlinNoise({ height: 8, width: 16 }, { rows: 2, columns: 4 }, DIRECTIONS)
    const other = perlinNoise({ height: 16, width: 8 }, { rows: 4, columns: 2 }, transposed)
    for (let row = 0; row < 8; row++)
      for (let column = 0; column < 16; column++) expect(other[column * 8 + row]).toBeCloseTo(noise[row * 16 + column], 6)
  })

  it('is finer with more cells', () => {
    const roughness = (cells: number): number => {
      const grid = { rows: cells, columns: cells }
      const directions = Array.from({ length: latticePoints(grid) }, (_, point) => (point * 0.618034) % 1)
      const noise = perlinNoise({ height: 64, width: 64 }, grid, directions)
      return noise.reduce((sum, value, place) => sum + (place % 64 === 0 ? 0 : Math.abs(value - noise[place - 1])), 0)
    }
    const rough = [1, 2, 4, 8, 16].map(roughness)
    expect(rough).toEqual([...rough].sort((first, second) => first - second))
  })

  it('refuses another number of directions', () => {
    expect(() => perlinNoise({ height: 8, width: 8 }, { rows: 2, columns: 2 }, DIRECTIONS)).toThrow('9 lattice points, got 15')
  })
})

describe('turning', () => {
  const picture = { width: 5, height: 5, channels: 3, data: Uint8Array.from({ length: 75 }, (_, place) => (place * 37) % 256) } as const

  it('leaves a picture as it is at 0 and 360 degrees', () => {
    for (const degrees of [0, 360]) expect(rotateImage(picture, degrees).data).toEqual(picture.data)
  })

  it('moves the lower edge to the right at 90 degrees', () => {
    const { data } = rotateImage(picture, 90)
    for (let place = 0; place < 5; place++)
      for (let channel = 0; channel < 3; channel++)
        expect(data[(place * 5 + 4) * 3 + channel]).toBe(picture.data[(4 * 5 + (4 - place)) * 3 + channel])
  })

  it('has zeros beyond the border and keeps what lies about the centre', () => {
    const size = { width: 65, height: 65 }
    const full = new Float32Array(65 * 65).fill(1)
    fc.assert(
      fc.property(fc.double({ min: -90, max: 90, noNaN: true }), (degrees) => {
        const turned = rotatePlane({ ...size, data: full }, degrees)
        expect(turned.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true)
        for (let row = 12; row < 53; row++) for (let column = 20; column < 45; column++) expect(turned[row * 65 + column]).toBeCloseTo(1, 6)
      }),
      { numRuns: 30 },
    )
    expect(rotatePlane({ ...size, data: full }, 45)[0]).toBe(0)
  })
})
