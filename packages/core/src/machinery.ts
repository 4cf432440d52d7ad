/**
 * Parts of the experiment runner for programs that fit and use single models: `@im-iad/core/machinery`. Plugins need none of it; it may change with any minor version.
 */
export { locateBackbone, type BackboneSearch, type LocatedBackbone } from './backbone/locate-backbone.ts'
export { openFileHashes, sha256, type FileHashes } from './dataset/file-hashes.ts'
export { dataFingerprint, fingerprintSamples, sourceName, type FingerprintedSample } from './dataset/sample-facts.ts'
export { parseParameterValues } from './parameters/resolve-parameters.ts'
export { checkPrediction } from './runner/check-prediction.ts'
export { readEngineReport } from './runner/engine-report.ts'
export { inputSize, readFramed, readPicture, type ReadableSample, type Size } from './runner/framed-sample.ts'
export { readAhead } from './runner/read-ahead.ts'
export { openContext, type OpenedContext, type PlacedBackbone } from './runner/open-context.ts'
export { watchParent } from './runner/parent-watch.ts'
export { frameMap } from './runner/predict-samples.ts'
export { createStageClock } from './runner/stage-clock.ts'
export { throttle } from './runner/throttle.ts'
export { createTrainingSamples } from './runner/training-samples.ts'
export { writeFileAtomically } from './store/atomic-write.ts'
export { pluginLocation } from './store/plugin-location.ts'
