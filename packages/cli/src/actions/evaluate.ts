import { resolve } from 'node:path'
import { computeMetrics, evaluationMetrics, loadMetrics, RECORD_SCHEMA } from '@im-iad/core'
import { renderRows } from '@im-iad/report'
import type { EvaluateFlags } from '../commands/evaluate.ts'
import type { ImIadContext } from '../context.ts'
import { readEvaluation } from '../evaluate/evaluate-maps.ts'
import { findMaps } from '../evaluate/find-maps.ts'
import { readScores } from '../evaluate/read-scores.ts'
import { findPlugins } from '../find-plugins.ts'

/** `im-iad evaluate`. */
export async function evaluateAction(this: ImIadContext, flags: EvaluateFlags): Promise<void> {
  const at = (path: string): string => resolve(this.workingDirectory, path)
  const found = await findMaps(at(flags.maps), at(flags.masks), flags.noMask)
  const scores = flags.scores === undefined ? null : await readScores(at(flags.scores))
  const evaluation = await readEvaluation(found, scores)
  const { metrics, warnings } = await loadMetrics(findPlugins(this, []))
  for (const warning of warnings) this.say(`warning: ${warning}`)
  const computed = await computeMetrics(evaluationMetrics(metrics.map((metric) => metric.plugin)), evaluation)
  const anomalous = evaluation.samples.filter((sample) => sample.label === 'anomalous').length
  const counts = { normal: evaluation.samples.length - anomalous, anomalous }
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, ...computed, counts }))
  const rows = Object.entries(computed.metrics).map(([id, value]) => [
    id,
    value === null ? '-' : value.toFixed(4),
    computed.reasons[id] ?? detailText(computed.details[id]),
  ])
  this.print(renderRows(['metric', 'value', ''], rows))
  this.print(`${counts.normal} normal and ${counts.anomalous} anomalous images`)
}

function detailText(details: Readonly<Record<string, number>> | undefined): string {
  return Object.entries(details ?? {})
    .map(([name, value]) => `${name} ${value.toPrecision(6)}`)
    .join(', ')
}
