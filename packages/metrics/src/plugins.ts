import { defineMetric, defineSequenceMetric, type MetricPlugin } from '@im-iad/core'
import { imageMetric, pixelMetric } from './evaluate-metric.ts'
import { areaUnderOverlap } from './per-region-overlap.ts'
import { forgetting, reachedAtFirst } from './sequence-metrics.ts'
import { areaUnderRoc, averagePrecision, maximalF1 } from './threshold-metrics.ts'
import type { Ranking } from './ranking.ts'

const ROC = 'Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 1982'
const PRECISION = 'step-wise average precision, as scikit-learn defines average_precision_score'
const F1 = 'van Rijsbergen, "Information Retrieval", 1979; the maximum over all thresholds'
const OVERLAP =
  'Bergmann et al., "The MVTec Anomaly Detection Dataset", IJCV 2021, section 5.2; 8-connected regions, false positive rate up to 0.3'

const shared = { contract: 1, revision: 1, direction: 'higher-is-better', rankBased: true } as const

function f1WithThreshold(ranking: Ranking): { readonly value: number; readonly details: { readonly threshold: number } } {
  const { f1, threshold } = maximalF1(ranking)
  return { value: f1, details: { threshold } }
}

/** The metrics of this package, in the order in which they are reported. */
export const metrics: readonly MetricPlugin[] = [
  defineMetric({
    ...shared,
    id: 'image.auroc',
    level: 'image',
    title: 'Area under the ROC curve of images',
    citation: ROC,
    compute: (evaluation) => imageMetric(evaluation, areaUnderRoc),
  }),
  defineMetric({
    ...shared,
    id: 'image.ap',
    level: 'image',
    title: 'Average precision of images',
    citation: PRECISION,
    compute: (evaluation) => imageMetric(evaluation, averagePrecision),
  }),
  defineMetric({
    ...shared,
    id: 'image.f1-max',
    level: 'image',
    title: 'Largest F1 of images over all thresholds',
    citation: F1,
    compute: (evaluation) => imageMetric(evaluation, f1WithThreshold),
  }),
  defineMetric({
    ...shared,
    id: 'pixel.auroc',
    level: 'pixel',
    title: 'Area under the ROC curve of pixels',
    citation: ROC,
    compute: (evaluation) => pixelMetric(evaluation, areaUnderRoc),
  }),
  defineMetric({
    ...shared,
    id: 'pixel.ap',
    level: 'pixel',
    title: 'Average precision of pixels',
    citation: PRECISION,
    compute: (evaluation) => pixelMetric(evaluation, averagePrecision),
  }),
  defineMetric({
    ...shared,
    id: 'pixel.f1-max',
    level: 'pixel',
    title: 'Largest F1 of pixels over all thresholds',
    citation: F1,
    compute: (evaluation) => pixelMetric(evaluation, f1WithThreshold),
  }),
  defineMetric({
    ...shared,
    id: 'pixel.aupro',
    level: 'region',
    title: 'Area under the per-region overlap curve',
    citation: OVERLAP,
    compute: (evaluation) => pixelMetric(evaluation, (ranking) => areaUnderOverlap(ranking, ranking.regions)),
  }),
  defineSequenceMetric({
    contract: 1,
    revision: 1,
    id: 'sequence.forgetting',
    level: 'sequence',
    direction: 'lower-is-better',
    title: 'Forgetting measure: what is lost of the best that was reached, over the tasks but the last',
    citation:
      'Chaudhry et al., "Riemannian Walk for Incremental Learning", ECCV 2018, equations 3 and 4; as in Xie et al., "IM-IAD", IEEE Transactions on Cybernetics 2024',
    computeSequence: forgetting,
  }),
  defineSequenceMetric({
    contract: 1,
    revision: 1,
    id: 'sequence.own-task',
    level: 'sequence',
    direction: 'higher-is-better',
    title: 'Mean over tasks of what is reached right after training on each',
    citation:
      'Riemer et al., "Learning to Learn without Forgetting by Maximizing Transfer and Minimizing Interference", ICLR 2019 (learning accuracy)',
    computeSequence: reachedAtFirst,
  }),
]
