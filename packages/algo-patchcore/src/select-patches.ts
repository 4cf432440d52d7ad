import type { RandomSource } from '@im-iad/core'
import { randomProjection, selectKCenters, type Matrix, type MatrixProduct } from '@im-iad/linalg'
import type { PatchCoreParameters } from './parameters.ts'

export interface SelectionTools {
  readonly parameters: PatchCoreParameters
  readonly random: RandomSource
  readonly product: MatrixProduct
}

export interface SelectionRequest {
  readonly points: Matrix
  readonly count: number
  /** Names the stream that the starting points are drawn from. */
  readonly stream: string
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

/** Points that the selection's first distances are means over (the authors' code). */
const START_POINTS = 10

/** Numbers of the points that a coreset of so many consists of: greedy k-center selection; all of them where all are wanted. */
export async function selectPatches(request: SelectionRequest, { random, product }: SelectionTools): Promise<Uint32Array> {
  const { points, count, stream, onProgress, signal } = request
  if (count >= points.rows) {
    onProgress(1)
    return Uint32Array.from({ length: points.rows }, (_, point) => point)
  }
  const indices = random.stream(stream).sample(points.rows, Math.min(START_POINTS, points.rows))
  return selectKCenters({ points, count, start: { kind: 'mean-distance', indices }, product, onProgress, signal })
}

/** The random map that the selection sees features of this width through, or `null` where it sees them as they are. The same for every task. */
export function projectionFor(dimension: number, { parameters, random }: SelectionTools): Matrix | null {
  const { projectionDimension } = parameters
  if (dimension <= projectionDimension) return null
  return randomProjection(projectionDimension, dimension, random.stream('projection').uniform)
}
