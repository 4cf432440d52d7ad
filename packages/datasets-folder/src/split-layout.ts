import { join } from 'node:path'
import { listFolder, type Sample } from '@im-iad/core'
import { count } from './category-contents.ts'
import { findGroundTruth, isNamed } from './folder-names.ts'
import { isPicture } from './find-pictures.ts'
import type { FolderParameters } from './parameters.ts'
import type { LabelledFolder, LabelledLayout } from './read-labelled.ts'

const SPLITS: ReadonlyMap<string, NonNullable<Sample['split']>> = new Map([
  ['train', 'train'],
  ['validation', 'validation'],
  ['val', 'validation'],
  ['test', 'test'],
])

/**
 * `train/good`, `test/good`, `test/<defect>` and `ground_truth/<defect>`: the layout of MVTec AD.
 * @param folder - absolute
 * @returns `null` where no split's folder has a labelled folder in it
 */
export async function findSplitLayout(folder: string, parameters: FolderParameters): Promise<LabelledLayout | null> {
  const listing = await listFolder(folder)
  const labelled: LabelledFolder[] = []
  const warnings: string[] = []
  for (const splitFolder of listing?.folders ?? []) {
    const split = SPLITS.get(splitFolder.toLowerCase())
    if (split === undefined) continue
    const inside = await listFolder(join(folder, splitFolder))
    for (const name of inside?.folders ?? []) labelled.push(labelledFolder(splitFolder, split, name, parameters))
    const loose = (inside?.files ?? []).filter(isPicture).length
    if (loose > 0)
      warnings.push(
        `${count(loose, 'picture')} right in ${join(folder, splitFolder)} left out: nothing says whether they are normal. Move them to ${splitFolder}/good.`,
      )
  }
  const isLayout = labelled.some((found) => found.split !== 'train' || found.label === 'normal')
  return isLayout ? { labelled, groundTruth: findGroundTruth(listing?.folders ?? []), warnings } : null
}

function labelledFolder(
  splitFolder: string,
  split: NonNullable<Sample['split']>,
  name: string,
  parameters: FolderParameters,
): LabelledFolder {
  return {
    path: `${splitFolder}/${name}`,
    split,
    label: isNamed(name, parameters.normalFolders) ? 'normal' : 'anomalous',
    defect: isNamed(name, parameters.anomalousFolders) ? null : name,
    // Only the test pictures' folders are mirrored as they are; those of other splits would claim the same masks.
    maskPath: split === 'test' ? name : `${splitFolder}/${name}`,
  }
}
