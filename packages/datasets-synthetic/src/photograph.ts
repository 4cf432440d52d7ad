import type { RandomStream } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import type { Canvas } from './canvas.ts'
import { between, noiseSeed } from './category.ts'
import { latticeHash } from './noise.ts'

/**
 * Takes the picture: uneven light, a lens that is never quite sharp, and sensor grain.
 * @param grain - strength in grey levels
 */
export function photograph(canvas: Canvas, grain: number, random: RandomStream): PixelImage {
  const level = between(random, 0.92, 1.06)
  const [slopeX, slopeY] = [between(random, -0.07, 0.07), between(random, -0.07, 0.07)]
  const { width, height, unit, data } = blur(canvas, between(random, 0.02, 0.14))
  const seed = noiseSeed(random)
  // A clamped array rounds, and keeps to 0…255.
  const pixels = new Uint8ClampedArray(data.length)
  for (let row = 0, index = 0; row < height; row++)
    for (let column = 0; column < width; column++, index += 3) {
      const light = level + slopeX * ((column + 0.5) / unit - 0.5) + slopeY * ((row + 0.5) / unit - 0.5)
      // The sum of two uniform numbers is close enough to a sensor's noise.
      const bits = latticeHash(seed, column, row)
      const noise = grain * 1.2 * (((bits & 0xffff) + (bits >>> 16)) / 65536 - 1)
      for (let channel = 0; channel < 3; channel++) pixels[index + channel] = data[index + channel] * light + noise
    }
  return { width, height, channels: 3, data: new Uint8Array(pixels.buffer) }
}

/** Gives each pixel's four neighbours a share of it, first along rows, then along columns. Pixels beyond the border equal those on it. */
function blur(canvas: Canvas, share: number): Canvas {
  const { width, height } = canvas
  const rows = spread(canvas.data, share, height, width * 3, width, 3)
  return { ...canvas, data: spread(rows, share, width, 3, height, width * 3) }
}

/** Blurs `lines` lines that start `lineStep` apart and have `length` pixels each, `step` apart. */
function spread(data: Float32Array, share: number, lines: number, lineStep: number, length: number, step: number): Float32Array {
  const result = new Float32Array(data.length)
  for (let line = 0; line < lines; line++)
    for (let place = 0; place < length; place++) {
      const index = line * lineStep + place * step
      const before = place === 0 ? index : index - step
      const after = place === length - 1 ? index : index + step
      for (let channel = 0; channel < 3; channel++)
        result[index + channel] = (1 - 2 * share) * data[index + channel] + share * (data[before + channel] + data[after + channel])
    }
  return result
}
