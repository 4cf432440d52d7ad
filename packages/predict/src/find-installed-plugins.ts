import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRegistry, discover, homeDirectory, type Registry } from '@im-iad/core'

/** This package's own folder, by its real path: what is installed beside it counts. */
const PACKAGE_DIRECTORY = realpathSync(fileURLToPath(new URL('..', import.meta.url)))

/** The plugins that are installed for a folder (the working directory when absent), beside this package, and by `im-iad plugins add`. Reads package.json files only. */
export function findInstalledPlugins(workingDirectory: string = process.cwd()): Registry {
  return createRegistry(
    discover({
      workingDirectory,
      commandDirectory: PACKAGE_DIRECTORY,
      requested: [],
      managedDirectory: join(homeDirectory(), 'plugins'),
    }),
  )
}
