/**
 * P(Z > z) of the standard normal distribution, to about 1e-14 relative: the power series of erf near zero (Abramowitz and Stegun 1964, 7.1.5) and the
 * continued fraction of erfc in the tails (7.1.14, evaluated by Lentz's method).
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const upper = x < 2 ? (1 - errorFunctionSeries(x)) / 2 : complementFraction(x) / 2
  return z >= 0 ? upper : 1 - upper
}

/**
 * The z with P(Z <= z) = `probability`, by bisection on {@link normalTail}: a few dozen evaluations, and no constants to mistype.
 * @throws RangeError unless 0 < probability < 1
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`a probability within (0, 1) is expected, got ${probability}`)
  const tail = Math.min(probability, 1 - probability)
  let low = 0
  let high = 40
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > tail) low = middle
    else high = middle
  }
  return probability < 0.5 ? -low : low
}

function errorFunctionSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function complementFraction(x: number): number {
  const tiny = 1e-300
  let fraction = x
  let c = x
  let d = 0
  for (let n = 1; n < 500; n++) {
    const coefficient = n / 2
    d = x + coefficient * d
    d = 1 / (d === 0 ? tiny : d)
    c = x + coefficient / c
    const factor = c * d
    fraction *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI))
}
