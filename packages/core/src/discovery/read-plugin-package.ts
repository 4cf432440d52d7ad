import { realpathSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { readPackageManifest } from './package-manifest.ts'
import { readPluginManifest, type ReadPlugins } from './plugin-manifest.ts'

/**
 * The plugins that the package in one folder announces, and what is wrong with the announcement; nothing is imported.
 * @param declaredBy - who points to the folder, for messages
 * @returns `null` when the folder has no package.json, or one without `imIad`
 */
export function readPluginPackage(folder: string, declaredBy: string): ReadPlugins | null {
  const path = isAbsolute(folder) ? folder : resolve(folder)
  const manifest = readPackageManifest(path)
  if (manifest?.imIad === undefined) return null
  return readPluginManifest({ directory: realpathSync(path), manifest, declaredBy })
}
