import type { ImageBatch } from '@im-iad/core'
import { renderScene } from '../../training/scenes/render-scene.ts'

/** Scenes of a seed that no training uses. */
export function scenes(count: number, size: number): ImageBatch {
  const pixels = new Uint8Array(count * size * size * 3)
  for (let number = 0; number < count; number++) pixels.set(renderScene(99, number, size), number * size * size * 3)
  return { count, height: size, width: size, pixels }
}
