import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** The pictures below a folder of the data root, without masks; none where it is absent. */
export async function listPictures(folder) {
  const root = resolve(process.env['IM_IAD_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && /\.(png|jpe?g|bmp)$/i.test(entry.name) && !entry.parentPath.includes('ground_truth'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ id: path.slice(root.length + 1), image: { path } }))
}
