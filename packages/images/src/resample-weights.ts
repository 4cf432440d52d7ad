/** Antialiasing filters by Pillow's names. */
export type ResampleFilter = 'bilinear' | 'lanczos'

/** Fractional bits of the fixed-point weights: 32 less 8 of the pixel and 2 of headroom, as in Pillow's 8-bit resampler. */
export const PRECISION_BITS = 22

/** A kernel's half-width in source pixels at scale 1. */
export const KERNEL_SUPPORT: Readonly<Record<ResampleFilter, number>> = { bilinear: 1, lanczos: 3 }

/** For every output position: where its source pixels start, how many they are, and their fixed-point weights. */
export interface ResampleWeights {
  /** Output positions. */
  readonly size: number
  readonly starts: Int32Array
  readonly counts: Int32Array
  /** `[size, taps]`. */
  readonly weights: Int32Array
  readonly taps: number
}

/** The output positions that are wanted. */
export interface OutputRange {
  readonly first: number
  readonly count: number
}

interface Kernel {
  /** Half-width in source pixels at scale 1. */
  readonly support: number
  readonly weight: (distance: number) => number
}

const KERNELS: Readonly<Record<ResampleFilter, Kernel>> = {
  bilinear: { support: KERNEL_SUPPORT.bilinear, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  lanczos: { support: KERNEL_SUPPORT.lanczos, weight: (distance) => (Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0) },
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}

/**
 * Weights of a separable resampling from `from` to `to` positions with half-pixel centres: the kernel is stretched by the scale when shrinking
 * and cut off and normalised at the borders (the rule of Pillow's `Resample.c`).
 */
export function resampleWeights(
  from: number,
  to: number,
  filter: ResampleFilter,
  precisionBits: number,
  range: OutputRange,
): ResampleWeights {
  const kernel = KERNELS[filter]
  const size = range.count
  const scale = from / to
  const stretch = Math.max(1, scale)
  const support = kernel.support * stretch
  const taps = Math.ceil(support) * 2 + 1
  const starts = new Int32Array(size)
  const counts = new Int32Array(size)
  const weights = new Int32Array(size * taps)
  const exact = new Float64Array(taps)
  for (let position = 0; position < size; position++) {
    const center = (range.first + position + 0.5) * scale
    const start = Math.max(0, Math.trunc(center - support + 0.5))
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - start
    let sum = 0
    for (let tap = 0; tap < count; tap++) {
      exact[tap] = kernel.weight((tap + start - center + 0.5) / stretch)
      sum += exact[tap]
    }
    for (let tap = 0; tap < count; tap++) weights[position * taps + tap] = toFixedPoint(exact[tap] / sum, precisionBits)
    starts[position] = start
    counts[position] = count
  }
  return { size, starts, counts, weights, taps }
}

/** Rounds half away from zero. */
function toFixedPoint(weight: number, precisionBits: number): number {
  return Math.trunc(weight * 2 ** precisionBits + (weight < 0 ? -0.5 : 0.5))
}
