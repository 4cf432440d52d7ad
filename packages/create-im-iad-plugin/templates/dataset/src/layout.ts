import { join } from 'node:path'
import { datasetOfSamples, ImIadError, listFolder, type OpenDataset, type Sample } from '@im-iad/core'
import type { PluginParameters } from './parameters.ts'
import { readCategory } from './read-category.ts'

/** Whether some folder in `root` is a category: looks at names only. */
export async function hasLayout(root: string): Promise<boolean> {
  return (await categories(root)).length > 0
}

/**
 * Reads the names of all pictures; no pixel is decoded.
 * @throws ImIadError IM_IAD_E_DATA_LAYOUT when there is no category in the folder
 */
export async function openLayout(root: string | null, { extensions }: PluginParameters): Promise<OpenDataset> {
  const names = root === null ? [] : await categories(root)
  if (root === null || names.length === 0)
    throw new ImIadError({
      code: 'IM_IAD_E_DATA_LAYOUT',
      what: 'dataset "__id__" is not there',
      found: root ?? 'no folder was given',
      problem: 'no folder in it holds a folder "normal"',
      fix: 'name the folder that holds the categories: --data-root DIR',
    })
  const samples: Sample[] = []
  const warnings: string[] = []
  for (const name of names) {
    const category = await readCategory(join(root, name), name, extensions)
    samples.push(...category.samples)
    warnings.push(...category.warnings)
  }
  return datasetOfSamples('__id__', samples, warnings)
}

async function categories(root: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of (await listFolder(root))?.folders ?? [])
    if ((await listFolder(join(root, name)))?.folders.includes('normal') === true) found.push(name)
  return found
}
