import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Deletes what the compiler wrote for sources that are gone: it never does itself, and such files would be published, found by imports that should fail, and cached.
 * @param {string} packages the folder of all packages
 */
export function pruneOutputs(packages) {
  for (const name of readdirSync(packages)) {
    const dist = join(packages, name, 'dist')
    if (!existsSync(dist)) continue
    for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
      const output = join(entry.parentPath, entry.name)
      const source = join(packages, name, 'src', relative(dist, output).replace(/(\.d\.ts|\.js)$/, '.ts'))
      if (entry.isFile() && /(\.d\.ts|\.js)$/.test(entry.name) && !existsSync(source)) rmSync(output)
    }
  }
}
