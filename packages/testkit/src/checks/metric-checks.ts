import type { MetricPlugin } from '@im-iad/core'
import type { Check } from '../check.ts'
import type { PluginSubject } from '../subjects/plugin-subject.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that a metric must do. */
export const metricChecks: readonly Check<PluginSubject<MetricPlugin>>[] = [...pluginChecks]
