/** Where a resize puts its samples: attributes of tfjs's kernels. */
export interface ResizeConvention {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

/** For every target position its sources and their weights. */
export type Taps = readonly (readonly (readonly [source: number, weight: number])[])[]

function scaleOf(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to
}

/** Linear interpolation between two neighbours; positions outside are clamped to the edge. */
export function linearTaps(from: number, to: number, { alignCorners, halfPixelCenters }: ResizeConvention): Taps {
  const scale = scaleOf(from, to, alignCorners)
  return Array.from({ length: to }, (_, index) => {
    const position = Math.max(0, halfPixelCenters ? scale * (index + 0.5) - 0.5 : scale * index)
    const low = Math.min(from - 1, Math.floor(position))
    const high = Math.min(from - 1, low + 1)
    const weight = position - low
    return [
      [low, 1 - weight],
      [high, weight],
    ]
  })
}

/** The one source of every target position, as tfjs rounds it. */
export function nearestSources(from: number, to: number, { alignCorners, halfPixelCenters }: ResizeConvention): readonly number[] {
  const scale = scaleOf(from, to, alignCorners)
  return Array.from({ length: to }, (_, index) => {
    const position = halfPixelCenters ? scale * (index + 0.5) : scale * index
    return Math.max(0, Math.min(from - 1, alignCorners ? Math.round(position) : Math.floor(position)))
  })
}

/** The same as taps. */
export const nearestTaps: TapsOf = (from, to, convention) => nearestSources(from, to, convention).map((source) => [[source, 1]])

export type TapsOf = (from: number, to: number, convention: ResizeConvention) => Taps

/** The taps as a matrix `[to, from]`, or its transpose. */
export function tapMatrix(taps: Taps, from: number, transposed: boolean): Float32Array<ArrayBuffer> {
  const to = taps.length
  const values = new Float32Array(to * from)
  for (const [target, sources] of taps.entries())
    for (const [source, weight] of sources) values[transposed ? source * to + target : target * from + source] += weight
  return values
}
