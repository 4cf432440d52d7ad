import { listFolder } from '@im-iad/core'
import { count } from './category-contents.ts'
import { isPicture } from './find-pictures.ts'
import type { LabelledLayout } from './read-labelled.ts'

/**
 * Pictures right in a folder that has no other folders: all of them normal, which nobody said, so it is warned of.
 * @returns `null` where there are folders, or no pictures
 */
export async function findPicturesAlone(folder: string): Promise<LabelledLayout | null> {
  const { files, folders } = (await listFolder(folder)) ?? { files: [], folders: [] }
  const pictures = files.filter(isPicture).length
  if (folders.length > 0 || pictures === 0) return null
  return {
    labelled: [{ path: '', split: null, label: 'normal', defect: null, maskPath: '' }],
    groundTruth: undefined,
    warnings: [`There is no good/ folder: all ${count(pictures, 'picture')} right in ${folder} are taken as good.`],
  }
}
