import { readdir } from 'node:fs/promises'
import { folderInUse, notAFolder } from './errors/scaffold-errors.ts'

/** What a new repository may hold already. */
const HARMLESS = ['.git', '.DS_Store']

/**
 * Makes sure that a package can be written to the folder: it is empty, or not there.
 * @throws ImIadError IM_IAD_E_FOLDER_IN_USE
 */
export async function checkTarget(directory: string): Promise<void> {
  let entries: readonly string[]
  try {
    entries = await readdir(directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT') return
    if (code === 'ENOTDIR') throw notAFolder(directory)
    throw error
  }
  const inTheWay = entries.filter((entry) => !HARMLESS.includes(entry)).toSorted()
  if (inTheWay.length > 0) throw folderInUse(directory, inTheWay)
}
