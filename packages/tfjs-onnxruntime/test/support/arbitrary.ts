import * as fc from 'fast-check'
import type { Plain } from './compare.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)

/** Shapes of small tensors. */
export function shapes(minRank: number, maxRank: number, maxExtent = 4): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.integer({ min: 1, max: maxExtent }), { minLength: minRank, maxLength: maxRank })
}

/** Values on a grid of hundredths, so that counter-examples can be read. */
export function numbers(count: number, min = -3, max = 3): fc.Arbitrary<readonly number[]> {
  return fc.array(
    fc.integer({ min: Math.ceil(min * 100), max: Math.floor(max * 100) }).map((value) => value / 100),
    { minLength: count, maxLength: count },
  )
}

export function floats(shape: readonly number[], min?: number, max?: number): fc.Arbitrary<Plain> {
  return numbers(sizeOf(shape), min, max).map((values) => ({ shape, dtype: 'float32', values }))
}

export function integers(shape: readonly number[], min: number, max: number): fc.Arbitrary<Plain> {
  const count = sizeOf(shape)
  return fc.array(fc.integer({ min, max }), { minLength: count, maxLength: count }).map((values) => ({ shape, dtype: 'int32', values }))
}

export function booleans(shape: readonly number[]): fc.Arbitrary<Plain> {
  const count = sizeOf(shape)
  return fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: count, maxLength: count })
    .map((values) => ({ shape, dtype: 'bool', values }))
}

/** Two shapes that broadcast: axes of either are cut to 1, leading ones of the second are left out. */
export function broadcastable(maxRank = 4): fc.Arbitrary<readonly [readonly number[], readonly number[]]> {
  return shapes(0, maxRank).chain((shape) =>
    fc
      .tuple(
        fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: shape.length, maxLength: shape.length }),
        fc.integer({ min: 0, max: shape.length }),
      )
      .map(([cutFirst, cutSecond, left]) => {
        const first = shape.map((extent, axis) => (cutFirst[axis] && cutSecond[axis] > 0 ? 1 : extent))
        const second = shape.map((extent, axis) => (cutSecond[axis] === 0 ? 1 : extent)).slice(left)
        return [first, second] as const
      }),
  )
}
