import type { Check } from '../check.ts'
import type { ParadigmSubject } from '../subjects/paradigm-subject.ts'
import { protocolChecks } from './paradigm/protocol-checks.ts'
import { purityChecks } from './paradigm/purity-checks.ts'
import { parameterChecks } from './parameter-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that a paradigm must do. */
export const paradigmChecks: readonly Check<ParadigmSubject>[] = [...pluginChecks, ...parameterChecks, ...protocolChecks, ...purityChecks]
