/** A small filter, float32 `[height, width]`, row-major, applied as a correlation. */
export interface Kernel {
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

/** Two filters that see the same orientation and wavelength a quarter of a period apart. */
export interface QuadraturePair {
  readonly even: Kernel
  readonly odd: Kernel
}

/** Frequency in radians per pixel, standard deviation of the envelope along it in pixels, and the envelope's ratio of along to across: the mother wavelet of Bruna and Mallat (2013). */
const MORLET = { frequency: 0.75 * Math.PI, deviation: 0.8, slant: 0.5, radius: 3 } as const

/**
 * The Morlet wavelet whose wave runs at `angle` (radians, from the x axis towards the y axis, which points down), 7x7:
 * `g(u, v) · (cos ξu - β)` and `g(u, v) · sin ξu`, with `g = exp(-(u² + (v/2)²) / 2σ²) / Σg` and `β` such that the even one sums to zero.
 */
export function morletPair(angle: number): QuadraturePair {
  const { frequency, deviation, slant, radius } = MORLET
  const size = 2 * radius + 1
  const envelope = new Float64Array(size * size)
  const phase = new Float64Array(size * size)
  for (let y = -radius, index = 0; y <= radius; y++)
    for (let x = -radius; x <= radius; x++, index++) {
      const along = x * Math.cos(angle) + y * Math.sin(angle)
      const across = y * Math.cos(angle) - x * Math.sin(angle)
      envelope[index] = Math.exp(-(along ** 2 + (slant * across) ** 2) / (2 * deviation ** 2))
      phase[index] = frequency * along
    }
  const total = envelope.reduce((sum, weight) => sum + weight, 0)
  const offset = envelope.reduce((sum, weight, index) => sum + weight * Math.cos(phase[index]), 0) / total
  const kernel = (wave: (phase: number) => number): Kernel => ({
    height: size,
    width: size,
    data: Float32Array.from(envelope, (weight, index) => (weight * wave(phase[index])) / total),
  })
  return { even: kernel((angleOfWave) => Math.cos(angleOfWave) - offset), odd: kernel(Math.sin) }
}

/** A Gaussian along one line, cut at 2.5 deviations and summing to one. */
export function gaussianLine(deviation: number): Float32Array {
  const radius = Math.ceil(2.5 * deviation)
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, index) => Math.exp(-((index - radius) ** 2) / (2 * deviation ** 2)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Float32Array.from(weights, (weight) => weight / total)
}

/** The filter before each halving: the binomial `[1 3 3 1] / 8` both ways, centred between four pixels, so that no octave is shifted. */
export function binomialSquare(): Kernel {
  const line = [1, 3, 3, 1]
  return { height: 4, width: 4, data: Float32Array.from({ length: 16 }, (_, index) => (line[index >> 2] * line[index & 3]) / 64) }
}
