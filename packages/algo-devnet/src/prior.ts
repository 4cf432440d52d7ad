import type { RandomStream } from '@im-iad/core'

/** Draws that the prior's mean and deviation are taken from. */
const DRAWS = 5000

/** Mean and unbiased standard deviation of 5000 draws from N(0, 1). */
export function samplePrior(random: RandomStream): readonly [mean: number, deviation: number] {
  const draws = Float64Array.from({ length: DRAWS }, () => random.normal())
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / DRAWS
  const squares = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0)
  return [mean, Math.sqrt(squares / (DRAWS - 1))]
}
