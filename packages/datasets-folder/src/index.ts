import { defineDataset, type DatasetPlugin } from '@im-iad/core'
import { openFolder, recognizesFolder } from './open-folder.ts'
import { parameters, type FolderParameters } from './parameters.ts'

const folder: DatasetPlugin<FolderParameters> = defineDataset<FolderParameters>({
  contract: 1,
  id: 'folder',
  revision: 1,
  title: "A user's own folder of good and bad pictures",
  citation: "none: the pictures are the user's own",
  license: "none: the pictures are the user's own",
  source: 'files',
  obtain:
    'Lay the pictures out as good/ and bad/, or as train/good, test/good and test/<defect>, or list them in a manifest.csv with the columns image and label',
  expected: [],
  parameters,
  recognizes: recognizesFolder,
  open: openFolder,
})

export default folder
