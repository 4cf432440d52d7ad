import { wilsonInterval } from '@im-iad/thresholds'
import { percent } from '../fit/set-threshold.ts'
import type { ModelThreshold } from '../model/description.ts'

/** Half the width of the interval of a detection rate that is good enough to decide by. */
const WANTED_HALF_WIDTH = 0.1

/** How many more pictures would be needed for what, a sentence each; empty when there are enough. */
export function adviseMore({ supported, required, count, falseReject, detection }: ModelThreshold): readonly string[] {
  const advice: string[] = []
  if (!supported)
    advice.push(
      `${required - count} more different good parts (${required} in all) would support a false-reject rate of ${percent(falseReject.rate)} with ${percent(falseReject.confidence)} confidence.`,
    )
  if (detection === null)
    advice.push('Some bad pictures, 10 to 20 for a start, would tell whether defects are found, and which method finds more.')
  else {
    const wanted = badPicturesFor(detection.rate, detection.confidence)
    if (wanted > detection.count)
      advice.push(
        `${wanted - detection.count} more bad pictures (${wanted} in all) would tell the detection rate to within ${percent(WANTED_HALF_WIDTH)} either way.`,
      )
  }
  return advice
}

/** The smallest number of bad pictures for which an interval around a rate is narrow enough. */
function badPicturesFor(rate: number, confidence: number): number {
  for (let count = 5; count < 1000; count++) {
    const { low, high } = wilsonInterval(Math.round(rate * count), count, confidence)
    if ((high - low) / 2 <= WANTED_HALF_WIDTH) return count
  }
  return 1000
}
