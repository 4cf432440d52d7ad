import { join } from 'node:path'
import type { AlgorithmContext, FitRequest, ImageBatch } from '@im-iad/core'
import { gatherRows, selectKCenters, type Matrix } from '@im-iad/linalg'
import type { PatchFeatures } from '@im-iad/nn'
import { noTrainingImages } from './errors.ts'
import { createFeatureFile, type FeatureFile } from './feature-file.ts'
import type { PatchCoreParameters } from './parameters.ts'
import type { Tools } from './patchcore.ts'

export interface BankRequest {
  readonly request: FitRequest
  readonly parameters: PatchCoreParameters
  readonly context: AlgorithmContext
  readonly tools: Tools
  readonly embed: (batch: ImageBatch) => Promise<PatchFeatures>
}

/** Share of the progress that extracting features is given; selecting gets the rest. */
const EXTRACTION_SHARE = 0.6

/** Points that the selection's first distances are means over (the authors' code). */
const START_POINTS = 10

/**
 * The memory of one task: patch features of all training images, thinned by greedy k-center selection. Features wider than the projection are kept in a file and only their
 * projections in memory, so that 760 images of 1024-dimensional patches need 0.4 GB and not 3.2.
 */
export async function buildBank(bank: BankRequest): Promise<Matrix> {
  const { request, parameters, context, tools } = bank
  if (request.samples.length === 0) throw noTrainingImages(request.task)
  const collected = await collectFeatures(bank)
  try {
    const { points } = collected
    const count = Math.max(1, Math.floor(parameters.coresetRatio * points.rows))
    context.log(`selecting ${count} of ${points.rows} patches`)
    const picks = await selectKCenters({
      points,
      count,
      start: {
        kind: 'mean-distance',
        indices: context.random.stream(`coreset ${request.task}`).sample(points.rows, Math.min(START_POINTS, points.rows)),
      },
      product: tools.product,
      onProgress: (fraction) =>
        request.onProgress({ fraction: EXTRACTION_SHARE + (1 - EXTRACTION_SHARE) * fraction, stage: 'selecting the coreset' }),
      signal: request.signal,
    })
    return collected.file === null ? gatherRows(points, picks) : await collected.file.gather(picks)
  } finally {
    await collected.file?.remove()
  }
}

/** What is selected from, and where the full features lie when these are projections. */
interface CollectedFeatures {
  readonly points: Matrix
  readonly file: FeatureFile | null
}

async function collectFeatures({ request, parameters, context, tools, embed }: BankRequest): Promise<CollectedFeatures> {
  const { samples, signal, onProgress } = request
  let points: Matrix | null = null
  let projection: Matrix | null = null
  let file: FeatureFile | null = null
  let filled = 0
  for await (const batch of samples.batches(parameters.batchSize)) {
    signal.throwIfAborted()
    const { height, width, dimension, data } = await embed(batch)
    if (points === null && dimension > parameters.projectionDimension) {
      projection = randomProjection(parameters.projectionDimension, dimension, context.random.stream('projection').uniform)
      file = await createFeatureFile(join(context.workDirectory, 'patch-features.bin'), dimension)
    }
    points ??= emptyMatrix(samples.length * height * width, Math.min(dimension, parameters.projectionDimension))
    const rows: Matrix = { rows: batch.count * height * width, columns: dimension, data }
    const kept = projection === null ? rows : await tools.product.multiplyByTranspose(rows, projection)
    points.data.set(kept.data, filled * points.columns)
    await file?.append(data)
    filled += rows.rows
    onProgress({ fraction: (EXTRACTION_SHARE * filled) / points.rows, stage: 'extracting features' })
  }
  return { points: points ?? emptyMatrix(0, 0), file }
}

function emptyMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) }
}

/** A fixed linear map without bias, entries uniform in ±1/√d; the selection does not depend on its scale. */
function randomProjection(rows: number, columns: number, uniform: () => number): Matrix {
  const bound = 1 / Math.sqrt(columns)
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => (2 * uniform() - 1) * bound) }
}
