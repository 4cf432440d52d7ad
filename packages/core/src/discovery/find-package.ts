import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * The real folder of an installed package, looked up the way Node resolves from a file in `fromDirectory`: this serves npm's flat layout, pnpm's
 * strict one, workspaces and npx alike. Looks for package.json only, so packages without a main entry or with a closed `exports` map are found too.
 */
export function findPackage(name: string, fromDirectory: string): string | null {
  const folders = createRequire(join(fromDirectory, 'package.json')).resolve.paths(name) ?? []
  for (const folder of folders) {
    const directory = join(folder, name)
    if (existsSync(join(directory, 'package.json'))) return realpathSync(directory)
  }
  return null
}
