import { defineDataset, type DatasetPlugin } from '@im-iad/core'
import { hasLayout, openLayout } from './layout.ts'
import { parameters, type PluginParameters } from './parameters.ts'

const plugin: DatasetPlugin<PluginParameters> = defineDataset<PluginParameters>({
  contract: 1,
  id: '__id__',
  // Raise it whenever the same files may give other samples.
  revision: 1,
  title: 'Pictures in a folder per category, defects in a folder per kind',
  citation: 'none',
  license: 'unknown',
  source: 'files',
  obtain: 'Lay the pictures out as CATEGORY/normal/*.png, CATEGORY/defective/DEFECT/*.png and CATEGORY/masks/DEFECT/*.png',
  // The counts that the publisher states: { category, split, label, count }. `im-iad dataset verify` compares.
  expected: [],
  parameters,
  recognizes: hasLayout,
  open: (root, given) => openLayout(root, given),
})

export default plugin
