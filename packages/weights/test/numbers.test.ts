import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBfloat, fromHalf, toHalf } from '../src/numbers/half.ts'
import { gather, spanOf } from '../src/numbers/strided.ts'

describe('half precision', () => {
  it('keeps every half that there is', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits)
      // The many NaN come back as one of them.
      expect(Number.isNaN(value) ? fromHalf(toHalf(value)) : toHalf(value)).toBe(Number.isNaN(value) ? Number.NaN : bits)
    }
  })

  it('takes the nearest, and the even one of two', () => {
    fc.assert(
      fc.property(fc.float({ min: -65519, max: 65519, noNaN: true, minExcluded: true, maxExcluded: true }), (value) => {
        const bits = toHalf(value)
        const distance = Math.abs(fromHalf(bits) - value)
        const neighbours = [bits - 1, bits + 1].map((other) => fromHalf(other & 0xffff)).filter((other) => Number.isFinite(other))
        for (const other of neighbours) expect(Math.abs(other - value)).toBeGreaterThanOrEqual(distance)
        const isTie = neighbours.some((other) => other !== 0 && Math.abs(other - value) === distance && distance > 0)
        expect(isTie && bits % 2 === 1).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
  ])('reads %i as IEEE 754 says', (bits, value) => expect(fromHalf(bits)).toBe(value))

  it('reads bfloat16 as the upper half of a float32', () => {
    expect([0x3f80, 0xc000, 0x7f80, 0x4049].map(fromBfloat)).toEqual([1, -2, Infinity, 3.140625])
  })
})

describe('strides', () => {
  const axis = fc.record({ size: fc.integer({ min: 0, max: 4 }), stride: fc.nat(5) })

  it('place element [i, j, …] at offset + i * strides[0] + j * strides[1] + …', () => {
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 4 }), (axes) => {
        const shape = axes.map(({ size }) => size)
        const strides = axes.map(({ stride }) => stride)
        const layout = { offset: 0, shape, strides }
        const storage = Float32Array.from({ length: spanOf(layout) }, (_, index) => index)
        const actual = gather(new Uint8Array(storage.buffer), layout, 'F32')
        const places = axes.reduce<readonly number[]>(
          (outer, { size, stride }) => outer.flatMap((place) => Array.from({ length: size }, (_, index) => place + index * stride)),
          [0],
        )
        expect([...actual]).toEqual(places)
      }),
      { numRuns: 500 },
    )
  })
})
