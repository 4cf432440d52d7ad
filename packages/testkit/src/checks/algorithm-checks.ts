import type { Check } from '../check.ts'
import type { AlgorithmSubject } from '../subjects/algorithm-subject.ts'
import { declarationChecks } from './algorithm/declaration-checks.ts'
import { determinismChecks } from './algorithm/determinism-checks.ts'
import { fittingChecks } from './algorithm/fitting-checks.ts'
import { inputChecks } from './algorithm/input-checks.ts'
import { predictionChecks } from './algorithm/prediction-checks.ts'
import { savingChecks } from './algorithm/saving-checks.ts'
import { parameterChecks } from './parameter-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that an algorithm must do. */
export const algorithmChecks: readonly Check<AlgorithmSubject>[] = [
  ...pluginChecks,
  ...parameterChecks,
  ...declarationChecks,
  ...predictionChecks,
  ...determinismChecks,
  ...fittingChecks,
  ...inputChecks,
  ...savingChecks,
]
