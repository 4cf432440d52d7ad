export { finestLevel, type LevelFeatures, type PatchFeatures } from './feature-level.ts'
export { createMapProjection, projectionMatrix, type MapGeometry, type MapProjection } from './map-projection.ts'
export { embedPatches } from './patch-embedding.ts'
export { describeEngine, openTensorEngine, TENSOR_ENGINES, type TensorEngine } from './tensor-engine.ts'
