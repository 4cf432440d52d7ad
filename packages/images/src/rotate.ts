import type { PixelImage } from './pixel-image.ts'

/** A plane of float32 values, `[height, width]`. */
interface Plane {
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

/**
 * Turns a picture about its centre, bilinearly, without making it larger; what comes from outside is black, and the border blends into it.
 * @param degrees - counter-clockwise as the picture is seen
 */
export function rotateImage({ width, height, channels, data }: PixelImage, degrees: number): PixelImage {
  const turned = new Uint8Array(data.length)
  // Storing cuts fractions off: half a level more rounds.
  turn({ width, height, channels, data }, degrees, turned, 0.5)
  return { width, height, channels, data: turned }
}

/** The same of a plane; 0 comes from outside. */
export function rotatePlane({ width, height, data }: Plane, degrees: number): Float32Array {
  const turned = new Float32Array(data.length)
  turn({ width, height, channels: 1, data }, degrees, turned, 0)
  return turned
}

interface Source {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Uint8Array | Float32Array
}

function turn({ width, height, channels, data }: Source, degrees: number, turned: Uint8Array | Float32Array, rounding: number): void {
  const cosine = Math.cos((degrees * Math.PI) / 180)
  const sine = Math.sin((degrees * Math.PI) / 180)
  const centreX = (width - 1) / 2
  const centreY = (height - 1) / 2
  const rowLength = width * channels
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const sourceX = cosine * (column - centreX) - sine * (row - centreY) + centreX
      const sourceY = sine * (column - centreX) + cosine * (row - centreY) + centreY
      const left = Math.floor(sourceX)
      const top = Math.floor(sourceY)
      if (left < -1 || left >= width || top < -1 || top >= height) continue
      const leftWeight = left >= 0 ? 1 - (sourceX - left) : 0
      const rightWeight = left + 1 < width ? sourceX - left : 0
      const topWeight = top >= 0 ? 1 - (sourceY - top) : 0
      const bottomWeight = top + 1 < height ? sourceY - top : 0
      const above = Math.max(top, 0) * rowLength
      const below = Math.min(top + 1, height - 1) * rowLength
      const before = Math.max(left, 0) * channels
      const after = Math.min(left + 1, width - 1) * channels
      const target = row * rowLength + column * channels
      for (let channel = 0; channel < channels; channel++) {
        const upper = leftWeight * data[above + before + channel] + rightWeight * data[above + after + channel]
        const lower = leftWeight * data[below + before + channel] + rightWeight * data[below + after + channel]
        turned[target + channel] = topWeight * upper + bottomWeight * lower + rounding
      }
    }
}
