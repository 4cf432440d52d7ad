import { createMapProjection, type MapProjection } from './map-projection.ts'
import type { TensorEngine } from './engines/engine-request.ts'

export interface Grid {
  readonly height: number
  readonly width: number
}

/** Anomaly maps of scores on grids, whatever the sizes: {@link createMapProjection} when they are first seen. */
export interface GridMaps {
  /** @param scores - float32 `[count, grid height, grid width]` @returns the maps with their size, `data` float32 `[count, height, width]` */
  project(scores: Float32Array, count: number, grid: Grid, output: Grid): Promise<Grid & { readonly data: Float32Array }>
  dispose(): void
}

/** @param sigma - standard deviation of the Gaussian, in pixels of the output */
export function openGridMaps(tf: TensorEngine, sigma: number): GridMaps {
  const projections = new Map<string, MapProjection>()
  return {
    async project(scores, count, grid, { height, width }) {
      const key = [grid.height, grid.width, height, width].join()
      const projection = projections.get(key) ?? createMapProjection(tf, { grid, output: { height, width }, sigma })
      projections.set(key, projection)
      return { height, width, data: await projection.project(scores, count) }
    },
    dispose() {
      for (const projection of projections.values()) projection.dispose()
      projections.clear()
    },
  }
}
