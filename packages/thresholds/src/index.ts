export {
  costAt,
  costOptimalThreshold,
  crossFittedCost,
  type CostOptimalThreshold,
  type DecisionCosts,
  type FoldedScore,
} from './cost-optimal-threshold.ts'
export {
  boundedRate,
  falseRejectRank,
  falseRejectThreshold,
  requiredGoodPictures,
  type FalseRejectGoal,
  type FalseRejectThreshold,
} from './false-reject-threshold.ts'
export { rankSumTest, type RankSumTest } from './rank-sum-test.ts'
export { wilsonInterval, type RateInterval } from './wilson-interval.ts'
