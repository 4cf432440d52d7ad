import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { noBinariesFor } from './errors.ts'
import { readNativeBinary, runsOn } from './native-binary.ts'
import type { BundlePlatform } from './platform.ts'

export interface Pruned {
  readonly files: number
  readonly bytes: number
}

/**
 * Deletes native binaries that the platform can't load, by what their headers say: some packages hold those of all platforms.
 * @throws ImIadError IM_IAD_E_BUNDLE when a package has add-ons for Node, and all of them are such
 */
export async function pruneBinaries(nodeModules: string, platform: BundlePlatform): Promise<Pruned> {
  const pruned = { files: 0, bytes: 0 }
  const useful = new Set<string>()
  const useless = new Set<string>()
  for (const path of await filesBelow(nodeModules)) {
    const binary = await readNativeBinary(path)
    if (binary === null) continue
    const isUseful = runsOn(binary, platform)
    // An add-on is what the package can't do without; programs may be for one system's sake only.
    if (path.endsWith('.node')) (isUseful ? useful : useless).add(owningPackage(relative(nodeModules, path)))
    if (isUseful) continue
    pruned.files += 1
    pruned.bytes += (await stat(path)).size
    await rm(path)
    await removeEmpty(join(path, '..'))
  }
  const unable = [...useless].filter((owner) => !useful.has(owner))
  if (unable.length > 0) throw noBinariesFor(unable, platform.name)
  return pruned
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The package's name, which is its folder in the innermost `node_modules`. */
function owningPackage(path: string): string {
  const parts = path.split(sep)
  const start = parts.lastIndexOf('node_modules') + 1
  const [first = '', second = ''] = parts.slice(start)
  return first.startsWith('@') ? `${first}/${second}` : first
}

/** Removes folders that became empty, from the innermost on. */
async function removeEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) return
  await rmdir(folder)
  await removeEmpty(join(folder, '..'))
}
