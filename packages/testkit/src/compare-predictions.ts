import type { Prediction } from '@im-iad/core'

/** One picture's part of a prediction. */
interface PicturePrediction {
  readonly score: number
  readonly map: Float32Array | null
}

export function pictureOf({ scores, maps }: Prediction, index: number): PicturePrediction {
  const plane = maps === undefined ? 0 : maps.height * maps.width
  return { score: scores[index], map: maps === undefined ? null : maps.data.subarray(index * plane, (index + 1) * plane) }
}

/** How two predictions of the same pictures differ in any bit, or `null`. */
export function differenceInBytes(first: Prediction, second: Prediction): string | null {
  const score = firstDifference(first.scores, second.scores, 0)
  if (score !== null) return `score ${score}`
  if (first.maps === undefined || second.maps === undefined) return first.maps === second.maps ? null : 'only one of them has maps'
  const map = firstDifference(first.maps.data, second.maps.data, 0)
  return map === null ? null : `map value ${map}`
}

/** How far two values may be apart, given the largest magnitude around them. */
export interface Closeness {
  readonly tolerance: number
  readonly scale: Prediction
}

/** How one picture's two predictions differ by more than the tolerance times the largest magnitude, or `null`. */
export function differenceOfPicture(first: PicturePrediction, second: PicturePrediction, { tolerance, scale }: Closeness): string | null {
  const score = firstDifference([first.score], [second.score], tolerance * largestMagnitude(scale.scores))
  if (score !== null) return `the score ${score}`
  if (first.map === null || second.map === null || scale.maps === undefined) return null
  const map = firstDifference(first.map, second.map, tolerance * largestMagnitude(scale.maps.data))
  return map === null ? null : `map value ${map}`
}

/** `index: this and that` where two lists first differ by more than `allowed`; NaN equals NaN. */
export function firstDifference(first: ArrayLike<number>, second: ArrayLike<number>, allowed: number): string | null {
  if (first.length !== second.length) return `count is ${first.length} and ${second.length}`
  for (let index = 0; index < first.length; index++) {
    const [left, right] = [first[index], second[index]]
    if (!Object.is(left, right) && !(Math.abs(left - right) <= allowed)) return `${index} is ${left} and ${right}`
  }
  return null
}

export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0
  for (let index = 0; index < values.length; index++) {
    const magnitude = Math.abs(values[index])
    if (magnitude > largest && magnitude < Infinity) largest = magnitude
  }
  return largest
}
