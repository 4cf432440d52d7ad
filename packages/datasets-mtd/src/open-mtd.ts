import { join, parse } from 'node:path'
import { ImIadError, datasetOfSamples, listFolder, type FolderListing, type OpenDataset, type Sample } from '@im-iad/core'
import { classWarnings, type ClassContents } from './class-warnings.ts'
import { CATEGORY, CLASS_FOLDERS, type ClassFolder } from './layout.ts'
import { tileOfPicture } from './tile-of-picture.ts'

export const OBTAIN =
  'Clone https://github.com/abin24/Magnetic-tile-defect-datasets. and give the folder that holds MT_Blowhole, MT_Break, MT_Crack, MT_Fray, MT_Free and MT_Uneven'

/** Whether any class folder with its Imgs stands right in `root`. */
export async function hasLayout(root: string): Promise<boolean> {
  const found = await Promise.all(CLASS_FOLDERS.map((folder) => listFolder(imagesFolder(root, folder))))
  return found.some((listing) => listing !== null)
}

/** @throws ImIadError IM_IAD_E_DATA_LAYOUT when no class has a picture */
export async function openMtd(root: string | null): Promise<OpenDataset> {
  if (root === null) throw new TypeError('dataset "mtd" reads files: open needs a folder')
  const classes: ClassContents[] = []
  for (const folder of CLASS_FOLDERS) {
    const listing = await listFolder(imagesFolder(root, folder))
    classes.push({ folder, samples: listing === null ? [] : samplesOf(root, folder, listing) })
  }
  const samples = classes.flatMap((found) => found.samples)
  if (samples.length === 0) throw await missingLayout(root)
  return datasetOfSamples('mtd', samples, classes.flatMap(classWarnings))
}

function imagesFolder(root: string, folder: ClassFolder): string {
  return join(root, folder.name, 'Imgs')
}

function samplesOf(root: string, folder: ClassFolder, listing: FolderListing): readonly Sample[] {
  const masks = new Map(listing.files.filter((file) => hasExtension(file, '.png')).map((file) => [parse(file).name, file]))
  return listing.files
    .filter((file) => hasExtension(file, '.jpg'))
    .map((file) => {
      const { name } = parse(file)
      const group = tileOfPicture(name)
      const shared = {
        id: `${folder.name}/Imgs/${name}`,
        category: CATEGORY,
        split: null,
        image: { kind: 'file', path: join(imagesFolder(root, folder), file) },
        ...(group !== undefined && { group }),
      } as const
      // The publisher's masks of normal pictures are all zero and say nothing.
      if (folder.defect === null) return { ...shared, label: 'normal', masks: [] }
      const mask = masks.get(name)
      return {
        ...shared,
        label: 'anomalous',
        defect: folder.defect,
        masks: mask === undefined ? [] : [{ image: { kind: 'file', path: join(imagesFolder(root, folder), mask) } }],
      }
    })
}

function hasExtension(file: string, extension: string): boolean {
  return parse(file).ext.toLowerCase() === extension
}

async function missingLayout(root: string): Promise<ImIadError> {
  const listing = (await listFolder(root)) ?? { files: [], folders: [] }
  const nested = await firstWithLayout(listing.folders.map((name) => join(root, name)))
  const there = [...listing.folders.map((name) => `${name}/`), ...listing.files]
  const named = there.slice(0, 8).join(', ') + (there.length > 8 ? ` and ${there.length - 8} more` : '')
  return new ImIadError({
    code: 'IM_IAD_E_DATA_LAYOUT',
    what: 'cannot find the pictures of dataset "mtd"',
    found: `${root} holds ${there.length === 0 ? 'nothing' : named}`,
    problem: `expected ${CLASS_FOLDERS.map((folder) => `${folder.name}/Imgs`).join(', ')} with .jpg pictures`,
    fix: nested === undefined ? `--data-root DIR. ${OBTAIN}` : `--data-root "${nested}"`,
  })
}

async function firstWithLayout(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) if (await hasLayout(folder)) return folder
  return undefined
}
