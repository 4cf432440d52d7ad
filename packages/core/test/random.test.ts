import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandomSource } from '../src/random/random-source.ts'

describe('random streams', () => {
  it('gives the same numbers for the same seed, scope and name', () => {
    const draw = (): number[] =>
      Array.from(
        { length: 5 },
        (
          (stream) => () =>
            stream.uniform()
        )(createRandomSource(7, 'algorithm').stream('init')),
      )
    expect(draw()).toEqual(draw())
  })

  it('keeps its numbers from version to version', () => {
    const stream = createRandomSource(0, 'paradigm').stream('split')
    expect(stream.sample(100, 8)).toMatchInlineSnapshot(`
      [
        49,
        69,
        57,
        99,
        87,
        6,
        62,
        90,
      ]
    `)
    expect(stream.uniform()).toMatchInlineSnapshot(`0.7265013027615963`)
  })

  it('gives other numbers for another seed, scope or name', () => {
    const first = (seed: number, scope: string, name: string): number => createRandomSource(seed, scope).stream(name).uniform()
    const values = [first(0, 'a', 'x'), first(1, 'a', 'x'), first(0, 'b', 'x'), first(0, 'a', 'y')]
    expect(new Set(values).size).toBe(4)
  })

  it('does not change one stream by drawing from another', () => {
    const source = createRandomSource(3, 'algorithm')
    const alone = source.stream('init').uniform()
    source.stream('augment').shuffle([1, 2, 3])
    expect(source.stream('init').uniform()).toBe(alone)
  })

  it('shuffles and samples without losing or repeating anything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer(), (count, seed) => {
        const stream = createRandomSource(seed, 'test').stream('x')
        const items = Array.from({ length: count }, (_, index) => index)
        expect(stream.shuffle(items).toSorted((a, b) => a - b)).toEqual(items)
        const drawn = stream.sample(count, Math.floor(count / 2))
        expect(new Set(drawn).size).toBe(drawn.length)
        expect(drawn.every((value) => value >= 0 && value < count)).toBe(true)
      }),
    )
  })

  it('draws every place of a sample with the same frequency', () => {
    const stream = createRandomSource(1, 'test').stream('x')
    const counts = new Float64Array(10)
    for (let round = 0; round < 20_000; round++) for (const value of stream.sample(10, 3)) counts[value] = (counts[value] ?? 0) + 1
    for (const count of counts) expect(Math.abs(count - 6000)).toBeLessThan(300)
  })

  it('has a standard normal distribution', () => {
    const stream = createRandomSource(2, 'test').stream('x')
    const values = Array.from({ length: 20_000 }, () => stream.normal())
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.04)
  })

  it('refuses draws that cannot be made', () => {
    const stream = createRandomSource(0, 'test').stream('x')
    expect(() => stream.integer(0)).toThrow(RangeError)
    expect(() => stream.sample(3, 4)).toThrow('sample(3, 4)')
  })
})
