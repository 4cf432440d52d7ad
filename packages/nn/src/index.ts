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
export type { NetworkMode } from './layers/batch-normalize.ts'
export {
  RESNET18,
  residualParameters,
  WIDE_RESNET50_2,
  type LayerName,
  type ResidualArchitecture,
} from './networks/residual-architecture.ts'
export { createResidualNetwork, type NetworkLevel, type ResidualNetwork, type ResidualNetworkOptions } from './networks/residual-network.ts'
export { heInitialization, type NormalSource } from './parameters/initial-values.ts'
export type { ParameterDefinition, ParameterKind } from './parameters/parameter-definition.ts'
export { createParameters, type ParameterSet, type ParameterUse } from './parameters/parameter-set.ts'
