import type { ExporterPlugin } from '@im-iad/core'
import type { Check } from '../check.ts'
import type { PluginSubject } from '../subjects/plugin-subject.ts'
import { parameterChecks } from './parameter-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that can be asked of an exporter without the machines or models that it is for. */
export const exporterChecks: readonly Check<PluginSubject<ExporterPlugin>>[] = [...pluginChecks, ...parameterChecks]
