import type { Check } from '../check.ts'
import type { DatasetSubject } from '../subjects/dataset-subject.ts'
import { layoutChecks } from './dataset/layout-checks.ts'
import { pictureChecks } from './dataset/picture-checks.ts'
import { sampleChecks } from './dataset/sample-checks.ts'
import { parameterChecks } from './parameter-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** Everything that a dataset must do. */
export const datasetChecks: readonly Check<DatasetSubject>[] = [
  ...pluginChecks,
  ...parameterChecks,
  ...layoutChecks,
  ...sampleChecks,
  ...pictureChecks,
]
