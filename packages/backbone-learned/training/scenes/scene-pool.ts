import { renderScene } from './render-scene.ts'

/** The scenes of a training, each rendered once. */
export interface ScenePool {
  readonly size: number
  /** uint8 RGB, `[size, size, 3]`. */
  at(index: number): Uint8Array
}

export function createScenePool(seed: number, size: number): ScenePool {
  const rendered = new Map<number, Uint8Array>()
  return {
    size,
    at(index) {
      const scene = rendered.get(index) ?? renderScene(seed, index, size)
      rendered.set(index, scene)
      return scene
    },
  }
}
