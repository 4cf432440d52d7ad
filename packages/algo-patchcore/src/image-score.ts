import { gatherRows, nearestNeighbors, prepareBank, type Matrix, type MatrixProduct, type Nearest, type PreparedBank } from '@im-iad/linalg'
import type { PatchCoreParameters } from './parameters.ts'

export interface ImageScoreRequest {
  /** Which image of the batch. */
  readonly image: number
  readonly patches: number
  /** `[images x patches, dimension]`. */
  readonly queries: Matrix
  /** The nearest memory row of every patch. */
  readonly nearest: Nearest
  readonly bank: PreparedBank
  readonly parameters: PatchCoreParameters
  readonly product: MatrixProduct
}

/**
 * The score of an image: its largest squared patch distance, as the authors' code gives it; re-weighted when asked to.
 *
 * `paper` (Roth et al., equation 7, distances not squared as the equation has them): (1 - exp|p - m| / Σ exp|p - n|) |p - m| over the b memory rows n nearest to m, the row nearest to the patch p.
 * `open-iad`: over the b rows nearest to p, with squared distances, and the largest exponential in the numerator.
 */
export async function imageScore({ image, patches, queries, nearest, bank, parameters, product }: ImageScoreRequest): Promise<number> {
  const worst = image * patches + farthestPatch(nearest.squaredDistances.subarray(image * patches, (image + 1) * patches))
  const squared = nearest.squaredDistances[worst]
  const count = Math.min(parameters.reweightingNeighbors, bank.matrix.rows)
  if (count === 1) return squared
  const patch = gatherRows(queries, [worst])
  if (parameters.reweighting === 'open-iad') {
    const { squaredDistances } = await nearestNeighbors({ queries: patch, bank, count, product })
    return (1 - softmaxShare(squaredDistances, Math.max(...squaredDistances))) * squared
  }
  const support = await nearestNeighbors({ queries: gatherRows(bank.matrix, [nearest.indices[worst]]), bank, count, product })
  const neighbours = prepareBank(gatherRows(bank.matrix, support.indices))
  const { squaredDistances } = await nearestNeighbors({ queries: patch, bank: neighbours, count, product })
  const distance = Math.sqrt(squared)
  return (1 - softmaxShare(squaredDistances.map(Math.sqrt), distance)) * distance
}

function farthestPatch(squaredDistances: Float32Array): number {
  let worst = 0
  for (let patch = 1; patch < squaredDistances.length; patch++) if (squaredDistances[patch] > squaredDistances[worst]) worst = patch
  return worst
}

/** exp(value) / Σ exp(values), with the maximum taken off so that nothing overflows. */
function softmaxShare(values: Float32Array, value: number): number {
  const largest = Math.max(...values)
  return Math.exp(value - largest) / values.reduce((sum, other) => sum + Math.exp(other - largest), 0)
}
