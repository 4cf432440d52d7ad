import type { TensorEngine } from './engines/engine-request.ts'

/** Brings grids of patch scores to anomaly maps of the input's size. */
export interface MapProjection {
  /** @param scores - float32 `[count, grid height, grid width]`; returns float32 `[count, height, width]` */
  project(scores: Float32Array, count: number): Promise<Float32Array>
  dispose(): void
}

export interface MapGeometry {
  readonly grid: { readonly height: number; readonly width: number }
  readonly output: { readonly height: number; readonly width: number }
  /** Standard deviation of the Gaussian, in pixels of the output. */
  readonly sigma: number
}

/**
 * Bilinear upsampling (half-pixel centres, edges clamped) followed by a Gaussian (radius 4 sigma, half-sample symmetric borders, as scipy's `gaussian_filter`). Both are linear and
 * separable, so they are folded into one matrix per axis: map = V scores Hᵀ.
 */
export function createMapProjection(tf: TensorEngine, { grid, output, sigma }: MapGeometry): MapProjection {
  const vertical = tf.tensor3d(projectionMatrix(grid.height, output.height, sigma), [1, output.height, grid.height])
  const horizontal = tf.tensor2d(projectionMatrix(grid.width, output.width, sigma), [output.width, grid.width])
  return {
    async project(scores, count) {
      const maps = tf.tidy(() => {
        const rows = tf.tensor2d(scores, [count * grid.height, grid.width])
        const wide = tf.reshape(tf.matMul(rows, horizontal, false, true), [count, grid.height, output.width])
        return tf.matMul(tf.tile(vertical, [count, 1, 1]), wide)
      })
      const data = (await maps.data()) as Float32Array
      maps.dispose()
      return data
    },
    dispose() {
      vertical.dispose()
      horizontal.dispose()
    },
  }
}

/** float32 `[size, from]`: blur times upsampling, multiplied in float64. */
export function projectionMatrix(from: number, size: number, sigma: number): Float32Array {
  const blur = gaussianKernel(sigma)
  const radius = (blur.length - 1) / 2
  const matrix = new Float64Array(size * from)
  for (let row = 0; row < size; row++)
    for (let tap = 0; tap < blur.length; tap++) {
      const position = mirror(row + tap - radius, size)
      const source = Math.min(from - 1, Math.max(0, ((position + 0.5) * from) / size - 0.5))
      const lower = Math.floor(source)
      const upper = Math.min(from - 1, lower + 1)
      matrix[row * from + lower] += blur[tap] * (1 - (source - lower))
      matrix[row * from + upper] += blur[tap] * (source - lower)
    }
  return Float32Array.from(matrix)
}

/** Normalised, radius floor(4 sigma + 0.5). */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5)
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, tap) => Math.exp(-((tap - radius) ** 2) / (2 * sigma * sigma)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Half-sample symmetric: … b a | a b c | c b … */
function mirror(position: number, size: number): number {
  const period = 2 * size
  const wrapped = ((position % period) + period) % period
  return wrapped < size ? wrapped : period - 1 - wrapped
}
