import { defineDataset, type DatasetPlugin } from '@im-iad/core'
import { PUBLISHED_COUNTS } from './layout.ts'
import { OBTAIN, hasLayout, openMtd } from './open-mtd.ts'
import { parameters, type MtdParameters } from './parameters.ts'

const mtd: DatasetPlugin<MtdParameters> = defineDataset<MtdParameters>({
  contract: 1,
  id: 'mtd',
  revision: 1,
  title: 'Magnetic Tile Defects, split by physical tile',
  citation:
    'Huang, Qiu, Yuan: Surface defect saliency of magnetic tile. The Visual Computer 36, 85-96, 2020. https://doi.org/10.1007/s00371-018-1588-5',
  license:
    'none stated; the publisher writes: "It is welcomed to use our dataset. And if it is used in your research, please cite our paper."',
  source: 'files',
  obtain: OBTAIN,
  expected: PUBLISHED_COUNTS,
  parameters,
  recognizes: hasLayout,
  open: openMtd,
})

export default mtd
