import { join } from 'node:path'
import type { AlgorithmContext, FitRequest, ImageBatch } from '@im-iad/core'
import { createRowFile, gatherRows, type Matrix, type RowFile } from '@im-iad/linalg'
import type { PatchFeatures } from '@im-iad/nn'
import { projectionFor, type SelectionTools } from './select-patches.ts'

/** The patch features of a task's images. */
export interface CollectedPatches {
  /** What is selected from: the features, or their projections where they are wider. */
  readonly points: Matrix
  readonly perImage: number
  /** Copies of the whole features with the given numbers. */
  gather(numbers: Uint32Array): Promise<Matrix>
  dispose(): Promise<void>
}

/**
 * Features that are wider than the projection are kept in a file and only their projections in memory, so that 760 images of 1024-dimensional patches need 0.4 GB and not 3.2.
 * @param onProgress - told the share of the images that is done
 */
export async function collectPatches(
  { samples, signal }: Pick<FitRequest, 'samples' | 'signal'>,
  embed: (batch: ImageBatch) => Promise<PatchFeatures>,
  tools: SelectionTools & { readonly context: AlgorithmContext },
  onProgress: (fraction: number) => void,
): Promise<CollectedPatches> {
  const { parameters, context, product } = tools
  let points: Matrix | null = null
  let file: RowFile | null = null
  let filled = 0
  try {
    for await (const batch of samples.batches(parameters.batchSize)) {
      signal.throwIfAborted()
      const { height, width, dimension, data } = await embed(batch)
      const projection = projectionFor(dimension, tools)
      if (projection !== null) file ??= await createRowFile(join(context.workDirectory, 'patch-features.bin'), dimension)
      points ??= emptyMatrix(samples.length * height * width, projection?.rows ?? dimension)
      const rows: Matrix = { rows: batch.count * height * width, columns: dimension, data }
      const kept = projection === null ? rows : await product.multiplyByTranspose(rows, projection)
      points.data.set(kept.data, filled * points.columns)
      await file?.append(data)
      filled += rows.rows
      onProgress(filled / points.rows)
    }
  } catch (error) {
    await file?.remove()
    throw error
  }
  const collected = points ?? emptyMatrix(0, 0)
  return {
    points: collected,
    perImage: collected.rows / samples.length,
    gather: (numbers) => file?.gather(numbers) ?? Promise.resolve(gatherRows(collected, numbers)),
    dispose: async () => file?.remove(),
  }
}

function emptyMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) }
}
