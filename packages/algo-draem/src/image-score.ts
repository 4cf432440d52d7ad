export interface ScoredMap {
  /** `[height, width]` */
  readonly map: Float32Array
  readonly height: number
  readonly width: number
}

/** Side of the square window around a pixel that reaches so many pixels each way. */
export function windowSide(radius: number): number {
  return 2 * radius + 1
}

/** A picture's score: the largest mean of a map in any square window that reaches `radius` pixels each way; beyond the border the map is 0. */
export function imageScore({ map, height, width }: ScoredMap, radius: number): number {
  const sums = summedAreas({ map, height, width })
  const stride = width + 1
  let largest = 0
  for (let row = 0; row < height; row++) {
    const top = Math.max(0, row - radius) * stride
    const bottom = Math.min(height, row + radius + 1) * stride
    for (let column = 0; column < width; column++) {
      const left = Math.max(0, column - radius)
      const right = Math.min(width, column + radius + 1)
      largest = Math.max(largest, sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left])
    }
  }
  return largest / windowSide(radius) ** 2
}

/** Sums over everything above and to the left, float64 `[height + 1, width + 1]`. */
function summedAreas({ map, height, width }: ScoredMap): Float64Array {
  const stride = width + 1
  const sums = new Float64Array((height + 1) * stride)
  for (let row = 0; row < height; row++) {
    let sum = 0
    for (let column = 0; column < width; column++) {
      sum += map[row * width + column]
      sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + sum
    }
  }
  return sums
}
