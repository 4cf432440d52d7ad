import { expect, it } from 'vitest'
import { PixelSums } from '../src/pixel-statistics.ts'

it('knows mean and standard deviation of every pixel', () => {
  const sums = new PixelSums(2)
  // Two pictures of 1x2 grey pixels, then one more.
  sums.add({ count: 2, height: 1, width: 2, pixels: Uint8Array.from([10, 10, 10, 50, 50, 50, 20, 20, 20, 50, 50, 50]) })
  sums.add({ count: 1, height: 1, width: 2, pixels: Uint8Array.from([30, 30, 30, 50, 50, 50]) })
  const { mean, deviation } = sums.statistics()
  expect([...mean]).toEqual([20, 50])
  expect(deviation[0]).toBeCloseTo(Math.sqrt(200 / 3), 10)
  expect(deviation[1]).toBe(0)
})
