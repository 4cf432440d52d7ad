export {
  DEFAULT_DEVICE,
  DEFAULT_ENGINE,
  DEVICES,
  TENSOR_ENGINES,
  type DeviceName,
  type EngineName,
  type EngineRequest,
  type TensorEngine,
} from './engines/engine-request.ts'
export { describeEngine } from './engines/engine-version.ts'
export { checkEngine, inspectEngines, type EngineInspection } from './engines/inspect-engines.ts'
export { openTensorEngine } from './engines/open-engine.ts'
export { finestLevel, type LevelFeatures, type PatchFeatures } from './feature-level.ts'
export { createMapProjection, projectionMatrix, type MapGeometry, type MapProjection } from './map-projection.ts'
export { embedPatches } from './patch-embedding.ts'
export { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts'
