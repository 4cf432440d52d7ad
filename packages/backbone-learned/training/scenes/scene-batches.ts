import type { NamedTensor } from '@im-iad/weights'
import type { RandomStream } from '@im-iad/core'
import type { ScenePool } from './scene-pool.ts'
import { drawVariation, varyInto, type Variation } from './vary.ts'

/** Scenes, each varied: normalised, `[count, size, size, 3]`. */
export function variedBatch(pool: ScenePool, indices: readonly number[], random: RandomStream): NamedTensor {
  return batchOf(
    pool,
    indices.map((index) => ({ index, variation: drawVariation(random) })),
  )
}

/** A scene and how it is seen. */
export interface View {
  readonly index: number
  readonly variation: Variation
}

export function batchOf(pool: ScenePool, views: readonly View[]): NamedTensor {
  const { size } = pool
  const data = new Float32Array(views.length * size * size * 3)
  for (const [place, { index, variation }] of views.entries()) varyInto(data, place, pool.at(index), size, variation)
  return { shape: [views.length, size, size, 3], data }
}
