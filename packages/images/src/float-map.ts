/** An anomaly map in memory. */
export interface FloatMap {
  readonly width: number
  readonly height: number
  /** float32 `[height, width]`. */
  readonly data: Float32Array
}

/** Bilinear, half-pixel centres, edge clamp, no antialiasing: what deep-learning frameworks call `align_corners=False`. */
export function resizeMap(map: FloatMap, { width, height }: { readonly width: number; readonly height: number }): FloatMap {
  if (map.width === width && map.height === height) return map
  const columns = neighbours(map.width, width)
  const rows = neighbours(map.height, height)
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const above = rows.lower[y] * map.width
    const below = rows.upper[y] * map.width
    const down = rows.fraction[y]
    for (let x = 0; x < width; x++) {
      const left = columns.lower[x]
      const right = columns.upper[x]
      const across = columns.fraction[x]
      const top = map.data[above + left] * (1 - across) + map.data[above + right] * across
      const bottom = map.data[below + left] * (1 - across) + map.data[below + right] * across
      data[y * width + x] = top * (1 - down) + bottom * down
    }
  }
  return { width, height, data }
}

interface Neighbours {
  readonly lower: Int32Array
  readonly upper: Int32Array
  readonly fraction: Float64Array
}

function neighbours(from: number, size: number): Neighbours {
  const lower = new Int32Array(size)
  const upper = new Int32Array(size)
  const fraction = new Float64Array(size)
  for (let position = 0; position < size; position++) {
    const source = Math.max(0, ((position + 0.5) * from) / size - 0.5)
    lower[position] = Math.min(from - 1, Math.floor(source))
    upper[position] = Math.min(from - 1, lower[position] + 1)
    fraction[position] = source - lower[position]
  }
  return { lower, upper, fraction }
}
