import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRegistry, discover, homeDirectory, type Registry } from '@im-iad/core'
import type { ImIadContext } from './context.ts'

/** This command's own package folder, by its real path. */
export const COMMAND_DIRECTORY: string = realpathSync(fileURLToPath(new URL('..', import.meta.url)))

/** Looks for plugins from where the user stands. Reads package.json files only. */
export function findPlugins(context: ImIadContext, requested: readonly string[]): Registry {
  return createRegistry(
    discover({
      workingDirectory: context.workingDirectory,
      commandDirectory: COMMAND_DIRECTORY,
      requested,
      managedDirectory: join(homeDirectory(context.environment), 'plugins'),
    }),
  )
}
