import { join } from 'node:path'
import { ImIadError, listFolder } from '@im-iad/core'
import { count } from './category-contents.ts'
import { isPicture } from './find-pictures.ts'
import type { FolderParameters } from './parameters.ts'
import { skippedWarnings } from './skipped-warnings.ts'

/** How many folders an error lists. */
const NAMED = 8

/** Neither a manifest nor any layout: says what was looked for and what is there. */
export async function nothingFound(root: string, parameters: FolderParameters): Promise<ImIadError> {
  const good = parameters.normalFolders.join('|')
  const bad = parameters.anomalousFolders.join('|')
  return new ImIadError({
    code: 'IM_IAD_E_DATA_LAYOUT',
    what: 'cannot make out which pictures are good and which are bad',
    found: `${root} holds ${await describeContents(root)}`,
    problem: `looked for manifest.csv and manifest.jsonl, for ${good} beside ${bad}, for train/${good} and test/<defect>, and for folders that have one of these inside`,
    fix: 'move the normal pictures into good/ and the others into bad/, or list them in a manifest.csv with the columns image and label',
  })
}

/** A layout without a single picture. */
export function noPictures(root: string, skipped: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DATA_LAYOUT',
    what: 'there are no pictures in the folder',
    found: root,
    problem: skipped.length === 0 ? 'its layout is there, but every folder is empty' : skippedWarnings(skipped).join(' '),
    fix: 'put .jpg, .png, .tif, .bmp or .webp pictures into the folders',
  })
}

async function describeContents(root: string): Promise<string> {
  const listing = (await listFolder(root)) ?? { files: [], folders: [] }
  const parts: string[] = []
  for (const name of listing.folders.slice(0, NAMED)) {
    const inside = await listFolder(join(root, name))
    parts.push(
      `${name}/ (${count(inside?.folders.length ?? 0, 'folder')}, ${count((inside?.files ?? []).filter(isPicture).length, 'picture')})`,
    )
  }
  if (listing.folders.length > NAMED) parts.push(`${listing.folders.length - NAMED} more folders`)
  const pictures = listing.files.filter(isPicture).length
  if (pictures > 0) parts.push(count(pictures, 'picture'))
  if (listing.files.length > pictures) parts.push(count(listing.files.length - pictures, 'other file'))
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}
