import { basename } from 'node:path'
import { percent, type TriedAlgorithm } from '@im-iad/predict'
import type { TrialMethod, TrialPage } from '@im-iad/report'
import { detectionText, shortNumber } from '../fit/say-threshold.ts'
import type { ShownTrial } from './shown-trial.ts'
import { trialGalleries } from './trial-galleries.ts'
import { costText } from './trial-text.ts'

/** What the page shows of a trial. */
export function trialPage(shown: ShownTrial): TrialPage {
  const { trial, opened, flags, seconds } = shown
  const { prepared } = opened
  const { comparison, threshold, recommended, costAdvice } = trial
  const { source } = prepared.set
  const notes = recommended.fitted.outcome.notes
  return {
    title: source.root === null ? source.category : basename(source.root),
    verdict: [
      `Take ${recommended.chosen.plugin.id}, with threshold ${shortNumber(threshold.value)}.`,
      comparison.why,
      comparison.sure,
      threshold.statement,
      ...(threshold.detection === null ? [] : [`At this threshold it finds ${detectionText(threshold)}.`]),
      ...(costAdvice === null ? [] : [`Cheapest: ${costText(costAdvice)}`]),
    ].filter((sentence) => sentence !== ''),
    facts: [
      ['good', `${prepared.good.length}`],
      ['bad', `${prepared.bad.length}`],
      ['held out', prepared.holdOut.kind === 'split' ? 'a split' : `cross-fitting, ${prepared.holdOut.folds} folds`],
      ['asked for', `at most ${percent(flags.falseReject)} false rejects, ${percent(flags.confidence)} sure`],
      ['budget', flags.budget],
      ['seed', `${flags.seed}`],
      ['took', `${seconds.toFixed(0)} s`],
    ],
    warnings: [...(trial.outlier === null ? [] : [trial.outlier]), ...opened.warnings, ...notes],
    notTried: trial.left,
    methods: trial.tried.map((tried) => methodOf(tried, tried === recommended)),
    scores: {
      good: recommended.fitted.outcome.good.filter((score) => score !== null),
      bad: recommended.fitted.outcome.bad,
      threshold: threshold.value,
    },
    galleries: trialGalleries(shown),
    more: trial.more,
  }
}

function methodOf({ chosen, auroc, fitted: { outcome, threshold } }: TriedAlgorithm, recommended: boolean): TrialMethod {
  const { detection } = threshold
  return {
    name: chosen.plugin.id,
    auroc:
      auroc === null
        ? 'no bad pictures'
        : `${auroc.value.toFixed(3)} (${percent(auroc.confidence)}: ${auroc.low.toFixed(3)} to ${auroc.high.toFixed(3)})`,
    detection:
      detection === null
        ? 'no bad pictures'
        : `${detection.hits} of ${detection.count} (${percent(detection.confidence)}: ${percent(detection.low)} to ${percent(detection.high)})`,
    threshold: threshold.value.toPrecision(5),
    millisecondsPerPicture: outcome.milliseconds,
    fitSeconds: outcome.fitSeconds,
    recommended,
  }
}
