import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connectedRegions } from '../src/index.ts'

const pictures = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    mask: fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 1 }),
  }),
)

/** Flood fill, the definition. */
function floodFill(mask: Uint8Array, width: number, height: number): Int32Array {
  const labels = new Int32Array(mask.length)
  let count = 0
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue
    count++
    const open = [start]
    for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
      if (labels[pixel] !== 0) continue
      labels[pixel] = count
      const x = pixel % width
      const y = (pixel - x) / width
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++)
          if (mask[row * width + column] === 1) open.push(row * width + column)
    }
  }
  return labels
}

describe('connectedRegions', () => {
  it('equals flood fill, and its areas add up', () => {
    fc.assert(
      fc.property(pictures, ({ mask, width, height }) => {
        const { labels, areas } = connectedRegions(mask, width, height)
        expect([...labels]).toEqual([...floodFill(mask, width, height)])
        expect([...areas]).toEqual([...areas.keys()].map((region) => labels.filter((label) => label === region + 1).length))
      }),
      { numRuns: 500 },
    )
  })

  it('joins the arms of a spiral', () => {
    const rows = ['1111111', '0000001', '1111101', '1000101', '1011101', '1000001', '1111111']
    const { areas } = connectedRegions(Uint8Array.from(rows.join(''), Number), 7, 7)
    expect([...areas]).toEqual([rows.join('').replaceAll('0', '').length])
  })

  it('refuses a mask of another size', () => {
    expect(() => connectedRegions(new Uint8Array(5), 2, 3)).toThrow('a mask of 2x3 has 6 values, got 5')
  })
})
