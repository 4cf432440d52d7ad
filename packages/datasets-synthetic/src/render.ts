/** The generator behind the dataset, for fixtures and experiments of one's own. */
export { CATEGORIES } from './categories.ts'
export type { Category, Defect } from './category.ts'
export { renderPicture, renderScene, type Scene, type SceneRequest } from './render-scene.ts'
