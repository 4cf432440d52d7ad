import { join } from 'node:path'
import type { Sample } from '@im-iad/core'
import { count, type CategoryContents, type FolderSample } from './category-contents.ts'
import { findPictures } from './find-pictures.ts'
import { readGroundTruth } from './ground-truth.ts'

/** A folder whose pictures share a split and a label. */
export interface LabelledFolder {
  /** From the category's folder, with `/`; empty for that folder itself. */
  readonly path: string
  readonly split: Sample['split']
  readonly label: Sample['label']
  /** The name of its defect; `null`: its subfolders, where there are any, are named after theirs. */
  readonly defect: string | null
  /** Its path in the ground truth. */
  readonly maskPath: string
}

/** A category's folders, as one of the layouts names them. */
export interface LabelledLayout {
  readonly labelled: readonly LabelledFolder[]
  /** The folder of the masks, from the category's folder. */
  readonly groundTruth: string | undefined
  /** What the layout leaves out, a sentence each. */
  readonly warnings: readonly string[]
}

/** Where a category stands. */
export interface CategoryPlace {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** The folder's path from the data root: empty for the root itself, else with a `/` at the end. */
  readonly prefix: string
}

/** Reads the pictures of a layout and finds their masks. */
export async function readLabelled(place: CategoryPlace, layout: LabelledLayout): Promise<CategoryContents> {
  const groundTruth = layout.groundTruth === undefined ? null : await readGroundTruth(join(place.folder, layout.groundTruth))
  const samples: FolderSample[] = []
  const skipped: string[] = []
  for (const folder of layout.labelled) {
    const { pictures, others } = await findPictures(join(place.folder, folder.path))
    const prefix = `${place.prefix}${folder.path === '' ? '' : `${folder.path}/`}`
    skipped.push(...others.map((file) => prefix + file))
    for (const picture of pictures) {
      const mask = folder.label === 'normal' ? undefined : groundTruth?.maskOf(`${folder.maskPath}/${picture}`)
      const defect = folder.label === 'normal' ? undefined : (folder.defect ?? firstFolder(picture))
      samples.push({
        path: prefix + picture,
        sample: {
          category: place.name,
          split: folder.split,
          label: folder.label,
          ...(defect !== undefined && { defect }),
          image: { kind: 'file', path: join(place.folder, folder.path, picture) },
          masks: mask === undefined ? [] : [mask],
        },
      })
    }
  }
  const warnings = groundTruth === null ? [] : maskWarnings(place, samples, groundTruth.unused())
  return { samples, warnings: [...layout.warnings, ...warnings], skipped }
}

/** Without any ground truth there is nothing to warn of: masks are optional. */
function maskWarnings(place: CategoryPlace, samples: readonly FolderSample[], unused: number): readonly string[] {
  const anomalous = samples.filter(({ sample }) => sample.label === 'anomalous' && sample.split !== 'train')
  const [first, ...more] = anomalous.filter(({ sample }) => sample.masks.length === 0)
  const warnings: string[] = []
  if (first !== undefined) {
    const example = more.length === 0 ? first.path : `${first.path} for one`
    warnings.push(
      `${more.length + 1} of ${count(anomalous.length, 'anomalous picture')} of "${place.name}" have no mask in ground_truth (${example}): pixel metrics need one for every defect.`,
    )
  }
  if (unused > 0)
    warnings.push(
      `${count(unused, 'mask')} in ground_truth of "${place.name}" fit no picture: a mask is named <picture>.png or <picture>_mask.png in the folder of the picture's name.`,
    )
  return warnings
}

function firstFolder(picture: string): string | undefined {
  const separator = picture.indexOf('/')
  return separator === -1 ? undefined : picture.slice(0, separator)
}
