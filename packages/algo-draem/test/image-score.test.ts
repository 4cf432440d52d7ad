import { describe, expect, it } from 'vitest'
import { imageScore } from '../src/image-score.ts'

/** 0.25 in one corner, 1 at one place of the other half. */
const MAP = Float32Array.from({ length: 6 * 8 }, (_, place) => (place === 3 * 8 + 5 ? 1 : place % 8 < 2 && place < 24 ? 0.25 : 0))
const scored = { map: MAP, height: 6, width: 8 }

describe('the score of a map', () => {
  it.each([
    ['the largest value', 0, 1],
    ['the largest mean of 3x3: six of the corner, or the one', 1, (6 * 0.25) / 9],
    ['the largest mean of 5x5: half of the corner and the one', 2, (3 * 0.25 + 1) / 25],
    ['a window over everything: what is beyond the border counts as 0', 9, (6 * 0.25 + 1) / 19 ** 2],
  ])('%s', (_, radius, expected) => {
    expect(imageScore(scored, radius)).toBeCloseTo(expected, 6)
  })
})
