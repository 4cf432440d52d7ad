/** How many cells the noise has down and across. */
export interface NoiseGrid {
  readonly rows: number
  readonly columns: number
}

/** The number of lattice points of a grid: each wants the direction of one gradient. */
export function latticePoints({ rows, columns }: NoiseGrid): number {
  return (rows + 1) * (columns + 1)
}

/**
 * One octave of gradient noise (Perlin, "Improving noise", 2002, with gradients of length 1), times √2, so that it lies in [-1, 1]; 0 at every lattice point.
 * @param size - of the result in pixels; where it is no multiple of the grid, cells differ by a pixel
 * @param directions - of the gradients, in turns (1 is a full circle), row by row: `latticePoints(grid)` of them
 * @returns float32 `[height, width]`
 * @throws RangeError when the number of directions is another
 */
export function perlinNoise(
  { height, width }: { readonly height: number; readonly width: number },
  grid: NoiseGrid,
  directions: ArrayLike<number>,
): Float32Array {
  if (directions.length !== latticePoints(grid))
    throw new RangeError(
      `a grid of ${grid.rows} x ${grid.columns} cells has ${latticePoints(grid)} lattice points, got ${directions.length} directions`,
    )
  const points = directions.length
  const [down, across] = [new Float64Array(points), new Float64Array(points)]
  for (let point = 0; point < points; point++) {
    down[point] = Math.cos(2 * Math.PI * directions[point])
    across[point] = Math.sin(2 * Math.PI * directions[point])
  }
  const columns = axisPositions(width, grid.columns)
  const rows = axisPositions(height, grid.rows)
  const noise = new Float32Array(height * width)
  const stride = grid.columns + 1
  for (let row = 0; row < height; row++) {
    const [t, fadeDown, start] = [rows.offsets[row], rows.fades[row], rows.cells[row] * stride]
    for (let column = 0; column < width; column++) {
      const u = columns.offsets[column]
      const above = start + columns.cells[column]
      const below = above + stride
      const topLeft = t * down[above] + u * across[above]
      const topRight = t * down[above + 1] + (u - 1) * across[above + 1]
      const bottomLeft = (t - 1) * down[below] + u * across[below]
      const bottomRight = (t - 1) * down[below + 1] + (u - 1) * across[below + 1]
      const left = topLeft + fadeDown * (bottomLeft - topLeft)
      const right = topRight + fadeDown * (bottomRight - topRight)
      noise[row * width + column] = Math.SQRT2 * (left + columns.fades[column] * (right - left))
    }
  }
  return noise
}

/** For every pixel of an axis: its cell, its place in the cell and Perlin's fade 6t⁵ - 15t⁴ + 10t³ of it. */
function axisPositions(size: number, cells: number): { cells: Int32Array; offsets: Float64Array; fades: Float64Array } {
  const positions = { cells: new Int32Array(size), offsets: new Float64Array(size), fades: new Float64Array(size) }
  for (let pixel = 0; pixel < size; pixel++) {
    const place = (pixel * cells) / size
    const t = place - Math.floor(place)
    positions.cells[pixel] = Math.floor(place)
    positions.offsets[pixel] = t
    positions.fades[pixel] = t ** 3 * (t * (6 * t - 15) + 10)
  }
  return positions
}
