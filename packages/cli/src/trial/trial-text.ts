import { join } from 'node:path'
import { percent, type CostAdvice, type TriedAlgorithm } from '@im-iad/predict'
import { renderRows } from '@im-iad/report'
import { detectionText } from '../fit/say-threshold.ts'
import type { ShownTrial } from './shown-trial.ts'

/** What a person reads in the terminal. */
export function trialText({ trial, opened, out, seconds }: ShownTrial): string {
  const { good, bad } = opened.prepared
  const { threshold, comparison, recommended, costAdvice } = trial
  const rows = trial.tried.map((tried) => methodRow(tried, tried === recommended))
  return [
    renderRows(['method', 'image AUROC', 'ms/picture', 'fit s', ''], rows).trimEnd(),
    '',
    `${good.length} good and ${bad.length} bad pictures, ${seconds.toFixed(0)} s`,
    ...trial.left.map((reason) => `not tried  ${reason}`),
    '',
    `take       ${recommended.chosen.plugin.id}`,
    `why        ${comparison.why}`,
    ...(comparison.sure === '' ? [] : [`how sure   ${comparison.sure}`]),
    `threshold  ${threshold.value}`,
    `           ${threshold.statement}`,
    ...(trial.outlier === null ? [] : [`look at    ${trial.outlier}`]),
    `finds      ${detectionText(threshold)}`,
    ...(costAdvice === null ? [] : [`cheapest   ${costText(costAdvice)}`]),
    ...trial.more.map((sentence) => `more       ${sentence}`),
    '',
    `model      ${join(out, 'model')}`,
    `page       ${join(out, 'report.html')}`,
    `decide     im-iad predict ${join(out, 'model')} PICTURES`,
  ].join('\n')
}

function methodRow({ chosen, auroc, fitted: { outcome } }: TriedAlgorithm, isRecommended: boolean): readonly string[] {
  return [
    chosen.plugin.id,
    auroc === null ? 'no bad pictures' : `${auroc.value.toFixed(3)} (${auroc.low.toFixed(3)} to ${auroc.high.toFixed(3)})`,
    outcome.milliseconds.toFixed(0),
    outcome.fitSeconds.toFixed(1),
    isRecommended ? 'recommended' : '',
  ]
}

/** What the threshold for given costs is, and what it did on pictures that did not choose it. */
export function costText({ threshold, costs, missRate, falseAlarmRate, crossFitted }: CostAdvice): string {
  const judged = crossFitted ?? { missRate, falseAlarmRate }
  const where = crossFitted === null ? 'on the pictures it was chosen by' : 'on pictures that did not choose it'
  return `${threshold}: the threshold with the least cost, for a miss at ${costs.miss}, a false alarm at ${costs.falseAlarm} and ${percent(costs.badShare)} bad parts; it misses ${percent(judged.missRate)} and rejects ${percent(judged.falseAlarmRate)} of the good ${where}. Use it with predict --threshold.`
}
