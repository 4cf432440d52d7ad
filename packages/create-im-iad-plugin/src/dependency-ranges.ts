import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What a scaffolded package depends on. */
type Dependency = '@im-iad/core' | '@im-iad/testkit' | '@types/node' | 'typescript' | 'vitest' | 'zod'

const OWN = new URL('../package.json', import.meta.url)

/**
 * Version ranges for a scaffolded package: those of this package's own devDependencies, which its templates are compiled and tested with. Publishing writes versions
 * into them; in a checkout they still name the workspace, and the installed versions stand in.
 */
export function dependencyRange(name: Dependency): string {
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(readFileSync(OWN, 'utf8'))
  const range = devDependencies[name] ?? 'workspace:'
  if (!/^(workspace|catalog):/.test(range)) return range
  const { version }: { readonly version: string } = JSON.parse(readFileSync(installedManifest(name), 'utf8'))
  return `^${version}`
}

function installedManifest(name: Dependency): string {
  const [folder = ''] = createRequire(OWN).resolve.paths(name) ?? []
  return join(folder, name, 'package.json')
}
