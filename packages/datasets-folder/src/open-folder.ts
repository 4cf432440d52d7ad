import { basename, join, resolve } from 'node:path'
import { datasetOfSamples, listFolder, type OpenDataset } from '@im-iad/core'
import type { CategoryContents } from './category-contents.ts'
import { nothingFound, noPictures } from './layout-errors.ts'
import { findManifest } from './manifest/find-manifest.ts'
import { readManifest } from './manifest/read-manifest.ts'
import { DEFAULTS, type FolderParameters } from './parameters.ts'
import { readLabelled, type LabelledLayout } from './read-labelled.ts'
import { skippedWarnings } from './skipped-warnings.ts'
import { findPicturesAlone } from './pictures-alone.ts'
import { findSplitLayout } from './split-layout.ts'
import { findVerdictLayout } from './verdict-layout.ts'
import { withIds } from './with-ids.ts'

/** Whether there is a manifest, a layout or a category with a layout right in `root`, by the default names. */
export async function recognizesFolder(root: string): Promise<boolean> {
  if ((await findManifest(root, DEFAULTS.manifest).catch(() => null)) !== null) return true
  return (await findPlaces(root, DEFAULTS)).length > 0
}

/**
 * Reads a manifest where there is one, else the root's own layout, else that of each category folder.
 * @throws ImIadError IM_IAD_E_DATA_LAYOUT when there is nothing of it, IM_IAD_E_DATA_MANIFEST for a manifest that does not hold together
 */
export async function openFolder(root: string | null, parameters: FolderParameters): Promise<OpenDataset> {
  if (root === null) throw new TypeError('dataset "folder" reads files: open needs a folder')
  const folder = resolve(root)
  const contents = await readContents(folder, parameters)
  const samples = contents.flatMap((found) => found.samples)
  const skipped = contents.flatMap((found) => found.skipped)
  if (samples.length === 0) throw noPictures(folder, skipped)
  const { samples: identified, warnings } = withIds(samples)
  return datasetOfSamples('folder', identified, [...contents.flatMap((found) => found.warnings), ...skippedWarnings(skipped), ...warnings])
}

async function readContents(root: string, parameters: FolderParameters): Promise<readonly CategoryContents[]> {
  const manifest = await findManifest(root, parameters.manifest)
  if (manifest !== null) return [await readManifest(root, manifest, parameters)]
  const places = await findPlaces(root, parameters)
  if (places.length === 0) throw await nothingFound(root, parameters)
  const contents: CategoryContents[] = []
  for (const { place, layout } of places) contents.push(await readLabelled(place, layout))
  return contents
}

interface FoundPlace {
  readonly place: Parameters<typeof readLabelled>[0]
  readonly layout: LabelledLayout
}

async function findPlaces(root: string, parameters: FolderParameters): Promise<readonly FoundPlace[]> {
  const own = await findLayout(root, parameters)
  if (own !== null) return [{ place: { name: basename(resolve(root)), folder: root, prefix: '' }, layout: own }]
  const places: FoundPlace[] = []
  for (const name of (await listFolder(root))?.folders ?? []) {
    const folder = join(root, name)
    const layout = await findLayout(folder, parameters)
    if (layout !== null) places.push({ place: { name, folder, prefix: `${name}/` }, layout })
  }
  if (places.length > 0 || parameters.alone === 'unknown') return places
  const alone = await findPicturesAlone(root)
  return alone === null ? [] : [{ place: { name: basename(resolve(root)), folder: root, prefix: '' }, layout: alone }]
}

async function findLayout(folder: string, parameters: FolderParameters): Promise<LabelledLayout | null> {
  return (await findSplitLayout(folder, parameters)) ?? (await findVerdictLayout(folder, parameters))
}
