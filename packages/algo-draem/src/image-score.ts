/** Side of the window that the map is averaged over, in pixels of the input. */
export const SCORE_WINDOW = 21

/**
 * A picture's score: the largest mean of a map in any window of 21x21 pixels; beyond the border it is 0.
 * @param map - `[height, width]`
 */
export function imageScore(map: Float32Array, height: number, width: number): number {
  const radius = (SCORE_WINDOW - 1) / 2
  const sums = summedAreas(map, height, width)
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
  return largest / SCORE_WINDOW ** 2
}

/** Sums over everything above and to the left, float64 `[height + 1, width + 1]`. */
function summedAreas(map: Float32Array, height: number, width: number): Float64Array {
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
