import type { EvaluationMetric, SequenceMetric } from '@im-iad/core'
import type { Check } from '../check.ts'
import type { PluginSubject } from '../subjects/plugin-subject.ts'
import { evaluationChecks } from './metric/evaluation-checks.ts'
import { sequenceChecks } from './metric/sequence-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that a metric of single evaluations must do. */
export const metricChecks: readonly Check<PluginSubject<EvaluationMetric>>[] = [...pluginChecks, ...evaluationChecks]

/** Everything that a metric of sequences of tasks must do. */
export const sequenceMetricChecks: readonly Check<PluginSubject<SequenceMetric>>[] = [...pluginChecks, ...sequenceChecks]
