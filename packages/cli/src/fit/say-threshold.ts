import { percent, type ModelThreshold } from '@im-iad/predict'

/** `2 of 12 bad pictures (16.7 %, 95 % interval 4.7 % to 44.8 %)`. */
export function detectionText({ detection }: ModelThreshold): string {
  if (detection === null) return 'unknown: there are no bad pictures'
  const { hits, count, rate, low, high, confidence } = detection
  return `${hits} of ${count} bad pictures (${percent(rate)}, ${percent(confidence)} interval ${percent(low)} to ${percent(high)})`
}

/** A score or threshold for people; what decides has all digits, in model.json. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)))
}
