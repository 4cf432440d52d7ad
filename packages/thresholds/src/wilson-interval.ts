import { checkFraction } from './check-input.ts'
import { normalQuantile } from './normal-distribution.ts'

/** A share with its interval. */
export interface RateInterval {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/**
 * The share `hits / count` with its two-sided score interval (Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927): right near 0 and 1, where
 * the textbook interval fails.
 * @param count - at least 1
 * @throws RangeError unless 0 <= hits <= count
 */
export function wilsonInterval(hits: number, count: number, confidence: number): RateInterval {
  if (!(count >= 1 && hits >= 0 && hits <= count)) throw new RangeError(`${hits} of ${count} is no share`)
  checkFraction('confidence', confidence)
  const z = normalQuantile((1 + confidence) / 2)
  const rate = hits / count
  const shrink = 1 + (z * z) / count
  const middle = (rate + (z * z) / (2 * count)) / shrink
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / count + (z * z) / (4 * count * count))
  return { rate, low: hits === 0 ? 0 : Math.max(0, middle - half), high: hits === count ? 1 : Math.min(1, middle + half) }
}
