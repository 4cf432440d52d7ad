import type { Check } from '../check.ts'
import type { BackboneSubject } from '../subjects/backbone-subject.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that a backbone must do. */
export const backboneChecks: readonly Check<BackboneSubject>[] = [...pluginChecks]
