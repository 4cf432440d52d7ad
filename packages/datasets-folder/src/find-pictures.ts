import { realpath } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { listFolder } from '@im-iad/core'

/** What im-iad decodes. */
const PICTURE_EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.bmp', '.webp']

/** The files below a folder, as paths from it with `/`, in the order of their folders. */
export interface FoundFiles {
  readonly pictures: readonly string[]
  readonly others: readonly string[]
}

export function isPicture(name: string): boolean {
  return PICTURE_EXTENSIONS.includes(extname(name).toLowerCase())
}

/** All files below a folder. Symbolic links are followed, but never into a folder that they stand in; an absent folder has no files. */
export async function findPictures(folder: string): Promise<FoundFiles> {
  const files = await filesBelow(folder, '', [])
  return { pictures: files.filter(isPicture), others: files.filter((file) => !isPicture(file)) }
}

async function filesBelow(folder: string, prefix: string, above: readonly string[]): Promise<readonly string[]> {
  const listing = await listFolder(folder)
  if (listing === null) return []
  const real = await realpath(folder)
  if (above.includes(real)) return []
  const files = listing.files.map((name) => prefix + name)
  for (const name of listing.folders) files.push(...(await filesBelow(join(folder, name), `${prefix}${name}/`, [...above, real])))
  return files
}

/** A path's part before its extension. */
export function withoutExtension(path: string): string {
  return path.slice(0, path.length - extname(path).length)
}
