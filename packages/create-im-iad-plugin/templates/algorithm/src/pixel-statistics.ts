import type { ImageBatch } from '@im-iad/core'

/** Mean and standard deviation of the grey level at every pixel, row by row. */
export interface PixelStatistics {
  readonly mean: Float64Array
  readonly deviation: Float64Array
}

/** Running sums over pictures of one size. */
export class PixelSums {
  #count = 0
  readonly #sum: Float64Array
  readonly #squares: Float64Array

  constructor(pixels: number) {
    this.#sum = new Float64Array(pixels)
    this.#squares = new Float64Array(pixels)
  }

  add(batch: ImageBatch): void {
    const plane = this.#sum.length
    for (let index = 0; index < batch.count * plane; index++) {
      const level = greyLevel(batch, index)
      this.#sum[index % plane] += level
      this.#squares[index % plane] += level * level
    }
    this.#count += batch.count
  }

  statistics(): PixelStatistics {
    const mean = this.#sum.map((sum) => sum / this.#count)
    const deviation = this.#squares.map((squares, pixel) => Math.sqrt(Math.max(0, squares / this.#count - mean[pixel] ** 2)))
    return { mean, deviation }
  }
}

/** The mean of the three colours of the pixel at `index`, counted through all pictures of the batch; in [0, 255]. */
export function greyLevel({ pixels }: ImageBatch, index: number): number {
  return (pixels[index * 3] + pixels[index * 3 + 1] + pixels[index * 3 + 2]) / 3
}
