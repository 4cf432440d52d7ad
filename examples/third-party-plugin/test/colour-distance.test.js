import { expect, it } from 'vitest'
import { ColourSums, colourDistances, colourGaussian } from '../src/colour-gaussian.js'

/** @param {readonly (readonly [number, number, number])[]} given */
const colours = (...given) => Float64Array.from(given.flat())

it('measures in standard deviations where the colours are independent', () => {
  const sums = new ColourSums()
  for (const red of [-2, 2])
    for (const green of [-1, 1]) for (const blue of [-3, 3]) sums.add(colours([100 + red, 100 + green, 100 + blue]))
  const gaussian = colourGaussian(sums, 1e-9)
  expect(gaussian.mean).toEqual([100, 100, 100])
  const distances = colourDistances(gaussian, colours([100, 100, 100], [104, 100, 100], [100, 103, 100], [100, 100, 97]))
  for (const [index, expected] of [0, 2, 3, 1].entries()) expect(distances[index]).toBeCloseTo(expected, 5)
})

it('knows that colours vary together', () => {
  const sums = new ColourSums()
  for (const grey of [80, 90, 100, 110, 120]) sums.add(colours([grey, grey, grey]))
  const [brighter = 0, redder = 0] = colourDistances(colourGaussian(sums, 1), colours([125, 125, 125], [105, 100, 95]))
  expect(brighter).toBeLessThan(2)
  expect(redder).toBeGreaterThan(5)
})
