import { percent, type ModelThreshold } from '@im-iad/predict'

/** `Finds 9 of 12 bad pictures (75 %, 95 % interval 47 % to 91 %).` */
export function detectionText({ detection }: ModelThreshold): string {
  if (detection === null) return 'No bad pictures, so nothing is known of what it finds.'
  const { hits, count, rate, low, high, confidence } = detection
  return `Finds ${hits} of ${count} bad pictures at it (${percent(rate)}, ${percent(confidence)} interval ${percent(low)} to ${percent(high)}).`
}
