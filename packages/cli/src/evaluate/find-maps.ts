import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { ImIadError } from '@im-iad/core'

/** One anomaly map to score. */
export interface FoundMap {
  /** `<defect>/<name>`, without the extension. */
  readonly id: string
  readonly defect: string
  readonly map: string
  /** The mask's path; `null` for a normal picture. */
  readonly mask: string | null
}

const MAP_EXTENSIONS = ['.tiff', '.tif', '.png', '.npy']
const NORMAL_FOLDER = 'good'

/**
 * Pairs every map with its mask, as the MVTec evaluation scripts lay them out: maps `<defect>/<name>.tiff`, masks `<defect>/<name>.png` or
 * `<defect>/<name>_mask.png`. Maps under `good/` need none.
 * @param noMask - what another map without a mask means: an error, or a normal picture
 * @throws ImIadError IM_IAD_E_MAPS when a folder is missing or empty, a mask is missing, or two maps share a name
 */
export async function findMaps(mapsFolder: string, masksFolder: string, noMask: 'error' | 'normal'): Promise<readonly FoundMap[]> {
  await requireFolder(mapsFolder, '--maps')
  await requireFolder(masksFolder, '--masks')
  const found: FoundMap[] = []
  for (const defect of await subfolders(mapsFolder))
    for (const file of await mapFiles(join(mapsFolder, defect))) {
      const name = basename(file, extname(file))
      const id = `${defect}/${name}`
      const twin = found.find((other) => other.id === id)
      if (twin !== undefined)
        throw fault(`two maps are named "${id}"`, `${twin.map} and ${join(mapsFolder, defect, file)}`, 'keep one of them')
      const mask = await findMask(join(masksFolder, defect), name)
      if (mask === null && defect !== NORMAL_FOLDER && noMask === 'error')
        throw fault(
          `the map "${id}" has no mask`,
          `${join(masksFolder, defect)} holds neither ${name}.png nor ${name}_mask.png`,
          'add the mask, or say --no-mask normal if such pictures are normal',
        )
      found.push({ id, defect, map: join(mapsFolder, defect, file), mask })
    }
  if (found.length === 0)
    throw fault(
      'there is no anomaly map',
      `${mapsFolder} holds no <defect>/<name> with ${MAP_EXTENSIONS.join(', ')}`,
      "name the folder that holds the defects' folders",
    )
  return found
}

function fault(what: string, found: string, fix: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_MAPS', what, found, fix })
}

async function requireFolder(path: string, flag: string): Promise<void> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder) throw fault(`${flag} is no folder`, path, 'correct the path')
}

async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

async function mapFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((file) => MAP_EXTENSIONS.includes(extname(file).toLowerCase())).toSorted()
}

async function findMask(folder: string, name: string): Promise<string | null> {
  for (const file of [`${name}.png`, `${name}_mask.png`]) {
    const path = join(folder, file)
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    )
    if (isFile) return path
  }
  return null
}
