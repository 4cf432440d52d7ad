import { defineDataset, type DatasetPlugin } from '@im-iad/core'
import { openSynthetic } from './open-synthetic.ts'
import { parameters, type SyntheticParameters } from './parameters.ts'

const synthetic: DatasetPlugin<SyntheticParameters> = defineDataset<SyntheticParameters>({
  contract: 1,
  id: 'synthetic',
  revision: 1,
  title: 'Procedural textures and objects with structural and logical defects',
  citation: 'im-iad, @im-iad/datasets-synthetic',
  license: 'MIT',
  source: 'generated',
  obtain: 'Nothing to get: the pictures are computed.',
  expected: [],
  parameters,
  recognizes: () => Promise.resolve(false),
  open: (_root, given) => Promise.resolve(openSynthetic(given)),
})

export default synthetic
