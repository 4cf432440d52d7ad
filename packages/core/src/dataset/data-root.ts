import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DatasetPlugin } from '../contracts/dataset.ts'
import { missingDataRoot } from '../errors/dataset-errors.ts'

/**
 * The folder of one dataset: `given` itself where it has the dataset's layout, else `given`/<id>. `null` for a generated dataset.
 * @throws ImIadError IM_IAD_E_DATA_ROOT when there is neither, saying how to get the data
 */
export async function resolveDataRoot(dataset: DatasetPlugin, given: string | null): Promise<string | null> {
  if (dataset.source === 'generated') return null
  if (given === null) throw missingDataRoot(dataset, [])
  const root = resolve(given)
  const nested = join(root, dataset.id)
  if (!(await isFolder(root))) throw missingDataRoot(dataset, [root])
  if (await dataset.recognizes(root)) return root
  return (await isFolder(nested)) ? nested : root
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
