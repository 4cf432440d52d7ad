import type { ExperimentRecord } from '@im-iad/core'
import { SEQUENCE_PREFIX } from './task-matrix.ts'

/** What every reader of a table must know before its numbers, as name and value. */
export function runFacts(records: readonly ExperimentRecord[]): readonly (readonly [string, string])[] {
  const list = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ')
  const backbones = records.flatMap((record) =>
    record.inputs.backbones.map(
      (backbone) => `${record.algorithm}: ${backbone.name}${backbone.sha256 === null ? '' : ` (${backbone.sha256.slice(0, 12)})`}`,
    ),
  )
  return [
    ['budget', list(records.map((record) => record.budget))],
    ['backbone', list(backbones) || 'none'],
    ['frame', list(records.map((record) => record.frame))],
    ['engine', list(records.map(({ inputs }) => (inputs.device === 'cpu' ? inputs.engine : `${inputs.engine} on ${inputs.device}`)))],
    ['seeds', list(records.map((record) => record.seed).toSorted((a, b) => a - b))],
  ]
}

/** Splits that share parts on purpose, failures, and reasons for missing numbers: a sentence each. */
export function warningsOf(records: readonly ExperimentRecord[]): readonly string[] {
  const name = (record: ExperimentRecord): string =>
    `${record.algorithm} on ${record.dataset}${record.category === null ? '' : `/${record.category}`}`
  const leaks = records.flatMap((record) => (record.leaky === null ? [] : [`LEAKY: ${name(record)}, seed ${record.seed}: ${record.leaky}`]))
  const failures = records.flatMap((record) =>
    record.error === null
      ? []
      : [
          `FAILED: ${name(record)}, seed ${record.seed}: ${record.error.message
            .split('\n')
            .map((line) => line.trim())
            .join(' ')}`,
        ],
  )
  const missing = records.flatMap((record) =>
    Object.entries(record.reasons)
      .filter(([id]) => !followsFromAnother(id, record.reasons))
      .map(([id, reason]) => `${id} of ${name(record)}: ${reason}`),
  )
  return [...new Set([...leaks, ...failures, ...missing])]
}

/** A sequence metric of a metric that has no numbers has none either, and no more to say. */
function followsFromAnother(id: string, reasons: Readonly<Record<string, string>>): boolean {
  return id.startsWith(SEQUENCE_PREFIX) && Object.keys(reasons).some((other) => other !== id && id.endsWith(`.${other}`))
}
