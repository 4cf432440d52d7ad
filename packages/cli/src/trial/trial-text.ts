import { join } from 'node:path'
import { percent, type CostAdvice, type TriedAlgorithm } from '@im-iad/predict'
import { renderRows } from '@im-iad/report'
import { detectionText, shortNumber } from '../fit/say-threshold.ts'
import { labelled } from '../labelled.ts'
import type { ShownTrial } from './shown-trial.ts'

/** What a person reads in the terminal. @param width - of a line, in characters */
export function trialText({ trial, opened, out, seconds }: ShownTrial, width: number): string {
  const { good, bad } = opened.prepared
  const { threshold, comparison, recommended, costAdvice } = trial
  const rows = trial.tried.map((tried) => methodRow(tried, tried === recommended))
  const line = (label: string, text: string): string => labelled(label, text, width)
  return [
    renderRows(['method', 'image AUROC', 'ms/picture', 'fit, s', ''], rows).trimEnd(),
    '',
    ...(bad.length === 0 ? [] : [line('AUROC', 'how often a bad picture scores above a good one: 1 is always, 0.5 is guessing')]),
    line('pictures', `${good.length} good and ${bad.length} bad; all of it took ${seconds.toFixed(0)} s`),
    ...trial.left.map((reason) => line('not tried', reason)),
    '',
    line('take', recommended.chosen.plugin.id),
    line('why', comparison.why),
    ...(comparison.sure === '' ? [] : [line('how sure', comparison.sure)]),
    line('threshold', `${shortNumber(threshold.value)}: what scores above it is anomalous`),
    line('', threshold.statement),
    ...(trial.outlier === null ? [] : [line('look at', trial.outlier)]),
    line('finds', detectionText(threshold)),
    ...(costAdvice === null ? [] : [line('cheapest', costText(costAdvice))]),
    ...trial.more.map((sentence) => line('more', sentence)),
    '',
    line('model', join(out, 'model')),
    line('page', join(out, 'report.html')),
    line('decide', `im-iad predict ${quoted(join(out, 'model'))} PICTURES`),
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

/** As a shell takes it. */
function quoted(path: string): string {
  return /\s/.test(path) ? `"${path}"` : path
}

/** What the threshold for given costs is, and what it did on pictures that did not choose it. */
export function costText({ threshold, costs, missRate, falseAlarmRate, crossFitted }: CostAdvice): string {
  const judged = crossFitted ?? { missRate, falseAlarmRate }
  const where = crossFitted === null ? 'on the pictures it was chosen by' : 'on pictures that did not choose it'
  return `${threshold}: the threshold with the least cost, for a miss at ${costs.miss}, a false alarm at ${costs.falseAlarm} and ${percent(costs.badShare)} bad parts; it misses ${percent(judged.missRate)} and rejects ${percent(judged.falseAlarmRate)} of the good ${where}. Use it with predict --threshold.`
}
