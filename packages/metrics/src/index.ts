import { metrics } from './plugins.ts'

export { bootstrapAuroc, type BootstrappedAuroc, type BootstrapOptions, type LabelledScores } from './bootstrap-auroc.ts'
export { areaUnderOverlap, FALSE_POSITIVE_LIMIT } from './per-region-overlap.ts'
export { rankPixels, type PixelRanking } from './rank-pixels.ts'
export { rankScores } from './rank-scores.ts'
export type { Ranking } from './ranking.ts'
export { areaUnderRoc, averagePrecision, maximalF1 } from './threshold-metrics.ts'

export default metrics
