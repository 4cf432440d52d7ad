import { listFolder } from '@im-iad/core'
import { count } from './category-contents.ts'
import { isPicture } from './find-pictures.ts'
import { findGroundTruth, isNamed } from './folder-names.ts'
import type { FolderParameters } from './parameters.ts'
import type { LabelledFolder, LabelledLayout } from './read-labelled.ts'

/**
 * `good` and `bad` side by side, by any of their names, without a split.
 * @param folder - absolute
 * @returns `null` where there is neither a good nor a bad folder
 */
export async function findVerdictLayout(folder: string, parameters: FolderParameters): Promise<LabelledLayout | null> {
  const { files, folders } = (await listFolder(folder)) ?? { files: [], folders: [] }
  const labelled = folders.flatMap((name): readonly LabelledFolder[] => {
    const shared = { path: name, split: null, defect: null, maskPath: name } as const
    if (isNamed(name, parameters.normalFolders)) return [{ ...shared, label: 'normal' }]
    return isNamed(name, parameters.anomalousFolders) ? [{ ...shared, label: 'anomalous' }] : []
  })
  if (labelled.length === 0) return null
  const groundTruth = findGroundTruth(folders)
  const others = folders.filter((name) => name !== groundTruth && !labelled.some((found) => found.path === name))
  const loose = files.filter(isPicture).length
  const warnings: string[] = []
  if (others.length > 0) {
    warnings.push(
      `Folders beside good and bad left out: ${others.join(', ')}. Their names say neither; add one with --set folder.anomalousFolders=… or move it into bad/.`,
    )
  }
  if (loose > 0) warnings.push(`${count(loose, 'picture')} right in ${folder} left out: nothing says whether they are normal.`)
  return { labelled, groundTruth, warnings }
}
