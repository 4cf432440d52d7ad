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
export { describeEngine, readFallbacks } from './engines/engine-version.ts'
export { checkEngine, inspectEngines, type EngineInspection } from './engines/inspect-engines.ts'
export { openTensorEngine } from './engines/open-engine.ts'
export { openFrozenBackbone, type BackboneRequest, type FrozenBackbone } from './backbones/frozen-backbone.ts'
export { openTrainableBackbone, type OpenTrainableBackbone, type TrainableBackboneRequest } from './backbones/trainable-backbone.ts'
export { finestLevel, type LevelFeatures, type PatchFeatures } from './feature-level.ts'
export { openGridMaps, type Grid, type GridMaps } from './grid-maps.ts'
export { largestOfMaps } from './largest-of-maps.ts'
export { createMapProjection, projectionMatrix, type MapGeometry, type MapProjection } from './map-projection.ts'
export { embedPatches } from './patch-embedding.ts'
export { embedPositions } from './position-embedding.ts'
export { batchNormalize, type BatchNormalization, type NetworkMode, type NormalizationSettings } from './layers/batch-normalize.ts'
export { convolve, type Convolution } from './layers/convolve.ts'
export {
  EFFICIENTNET_B5,
  EFFICIENTNET_B6,
  EFFICIENTNET_LITE0,
  type EfficientArchitecture,
  type EfficientStage,
} from './networks/efficient-architecture.ts'
export { efficientParameters, type StageName } from './networks/efficient-blocks.ts'
export { isEfficientHead, namingOf, type EfficientNaming } from './networks/efficient-naming.ts'
export { createEfficientNetwork, type EfficientNetworkOptions } from './networks/efficient-network.ts'
export type { FeatureNetwork, NetworkLevel, NetworkWeights } from './networks/feature-network.ts'
export { IMAGENET_NORMALIZATION } from './networks/imagenet-normalization.ts'
export {
  isResidualHead,
  RESNET18,
  RESNET34,
  RESNET50,
  residualParameters,
  WIDE_RESNET50_2,
  type LayerName,
  type ResidualArchitecture,
} from './networks/residual-architecture.ts'
export { createResidualNetwork, type ResidualNetwork, type ResidualNetworkOptions } from './networks/residual-network.ts'
export { createUNet, type UNet } from './networks/u-net.ts'
export { uNetParameters, type ConvolutionBlock, type DecoderLevel, type UNetArchitecture } from './networks/u-net-architecture.ts'
export { focalLoss, type FocalSettings } from './losses/focal-loss.ts'
export { structuralSimilarity, type StructuralSimilaritySettings } from './losses/structural-similarity.ts'
export { heInitialization, normalInitialization, type NormalAndUniformSource, type NormalSource } from './parameters/initial-values.ts'
export {
  batchNormParameters,
  biasParameters,
  convolutionParameters,
  depthwiseParameters,
  type ParameterDefinition,
  type ParameterKind,
} from './parameters/parameter-definition.ts'
export { notExportable, notFitted, nothingToTrainOn, unfitModel } from './model/model-errors.ts'
export { loadNetworks, saveNetworks, type StoredNetwork, type StoredNetworks } from './model/model-files.ts'
export { optimizerMemory } from './model/optimizer-memory.ts'
export { createTrainedModel, type FittedTask, type ModelNetwork, type TrainedModel, type TrainedModelParts } from './model/trained-model.ts'
export { createParameters, type ParameterSet, type ParameterUse, type ParameterValue } from './parameters/parameter-set.ts'
export { syncTensors } from './engines/sync-tensors.ts'
export type { BatchOrder, BatchPosition, ShuffleSource } from './training/batch-order.ts'
export { clipGradients, globalNorm, type GradientClipping } from './training/clip-gradients.ts'
export { computeGradients, type ComputedGradients, type LossValue } from './training/compute-gradients.ts'
export { createMovingAverage, type MovingAverage } from './training/moving-average.ts'
export type { AdamSettings, OptimizerSettings, SgdSettings } from './training/optimizer-settings.ts'
export { createOptimizer, type Optimizer, type ParameterGroup } from './training/optimizer.ts'
export {
  constant,
  cosine,
  exponential,
  oneCycle,
  polynomial,
  stepwise,
  warmUp,
  type OneCycle,
  type Schedule,
  type TrainingPosition,
} from './training/schedules.ts'
export { pixelBatch, type PixelNormalization, type PixelSource } from './training/pixel-batch.ts'
export { featureBatch, openFeatureFile, type FeatureFile, type PictureFeatures } from './training/feature-file.ts'
export { fitProgress, type TrainingStage } from './training/fit-progress.ts'
export { limitEpochs } from './training/limit-epochs.ts'
export { measureStatistics, type StatisticsRequest } from './training/measure-statistics.ts'
export { normalizedPixels, type PixelBatch } from './training/normalized-pixels.ts'
export { train, type TrainingResult } from './training/train.ts'
export { trainTask, type TaskRequest, type TaskTraining } from './training/train-task.ts'
export type { CheckpointStore } from './training/training-checkpoint.ts'
export type { TrainingSettings } from './training/training-settings.ts'
export type { StepReport, TrainingBatch, TrainingCheckpoint, TrainingRequest } from './training/training-request.ts'
export type { GraphValue, GraphWriter, ModelGraphWriter } from './trace/graph-writer.ts'
export type { TracedBackbone } from './trace/trace-backbone.ts'
export { traceComputation, type EmbeddingWriter, type TracedInput } from './trace/trace-computation.ts'
export { traceMapProjection } from './trace/trace-map-projection.ts'
export { traceResidualNetwork, type TracedNetwork } from './trace/trace-residual-network.ts'
export { traceGridMaps, traceLargest } from './trace/trace-grid-maps.ts'
export { squaredDistancesTo, traceBank, traceNearestRows, type TracedBank, type TracedNeighbours } from './trace/trace-nearest-rows.ts'
export { tracePatchEmbedding } from './trace/trace-patch-embedding.ts'
export { tracePositionEmbedding } from './trace/trace-position-embedding.ts'
export type { TracedPatches } from './trace/traced-patches.ts'
export { traceUNet, type TracedValues } from './trace/trace-u-net.ts'
