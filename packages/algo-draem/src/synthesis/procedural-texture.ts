import { latticePoints, perlinNoise, type PixelImage } from '@im-iad/images'

interface Size {
  readonly height: number
  readonly width: number
}

type Generator = () => number

/**
 * A colour texture that shows nothing: for each of three fields, 3 to 5 octaves of gradient noise, each half as strong as the one before; a random affine map makes colours of them, and stripes,
 * a checkerboard or white noise may lie on top. The same seed gives the same picture.
 */
export function proceduralTexture(seed: number, size: Size): PixelImage {
  const random = createGenerator(seed)
  const fields = [0, 1, 2].map(() => fractalField(random, size))
  const pattern = drawPattern(random, size)
  const data = new Uint8ClampedArray(size.height * size.width * 3)
  for (let channel = 0; channel < 3; channel++) {
    const base = 255 * random()
    const weights = fields.map(() => 300 * (random() - 0.5))
    const strength = 160 * (random() - 0.5)
    for (let place = 0; place < size.height * size.width; place++) {
      const color = weights[0] * fields[0][place] + weights[1] * fields[1][place] + weights[2] * fields[2][place]
      data[place * 3 + channel] = base + color + strength * (pattern === null ? 0 : pattern[place])
    }
  }
  return { ...size, channels: 3, data: new Uint8Array(data.buffer) }
}

/** Octaves from a coarse grid of 2 or 4 cells on; the finest has 64. Roughly within [-1, 1]. */
function fractalField(random: Generator, size: Size): Float32Array {
  const [coarsest, octaves] = [1 + Math.floor(2 * random()), 3 + Math.floor(3 * random())]
  const field = new Float32Array(size.height * size.width)
  for (let octave = 0; octave < octaves; octave++) {
    const cells = 2 ** Math.min(6, coarsest + octave)
    const grid = { rows: cells, columns: cells }
    const noise = perlinNoise(
      size,
      grid,
      Float64Array.from({ length: latticePoints(grid) }, () => random()),
    )
    for (let place = 0; place < field.length; place++) field[place] += noise[place] * 0.5 ** octave
  }
  return field
}

/** What lies on top, in [-1, 1]; `null` in a quarter of the cases. */
function drawPattern(random: Generator, { height, width }: Size): Float32Array | null {
  const kind = Math.floor(4 * random())
  if (kind === 0) return null
  const [period, angle] = [Math.max(4, (width * (0.3 + random())) / 16), 2 * Math.PI * random()]
  const [down, across] = [Math.sin(angle) / period, Math.cos(angle) / period]
  const pattern = new Float32Array(height * width)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const along = Math.floor(row * down + column * across)
      const aside = Math.floor(row * across - column * down)
      pattern[row * width + column] = kind === 1 ? 2 * random() - 1 : ((along + (kind === 2 ? 0 : aside)) & 1) * 2 - 1
    }
  return pattern
}

/** A small generator (mulberry32) for numbers by the million in another thread, where the experiment's streams are not. */
function createGenerator(seed: number): Generator {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let hash = Math.imul(state ^ (state >>> 15), state | 1)
    hash = (hash + Math.imul(hash ^ (hash >>> 7), hash | 61)) ^ hash
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32
  }
}
