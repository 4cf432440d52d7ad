import { copyFile, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PluginKind } from '@im-iad/core'

const SOUND: string = fileURLToPath(new URL('../fixtures/sound', import.meta.url))
const NODE_MODULES: string = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** A piece of a sound plugin's text, and what stands there instead. */
export type Change = readonly [before: string, after: string]

export interface PackageChange {
  /** Of the plugin's source. Each `before` must be there. */
  readonly source?: readonly Change[]
  /** Of package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>
  /** For a second plugin of the package. */
  readonly provides?: readonly unknown[]
}

/** Writes a package with the sound plugin of a kind, changed; returns its folder. */
export async function pluginPackage(kind: PluginKind, fixture: string, id: string, change: PackageChange = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-iad-broken-'))
  const { source = [], manifest = {}, provides = [] } = change
  let text = await readFile(join(SOUND, `${fixture}.js`), 'utf8')
  for (const [before, after] of source) {
    if (!text.includes(before)) throw new Error(`the sound ${fixture} does not hold ${JSON.stringify(before)}`)
    text = text.replaceAll(before, () => after)
  }
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', 'index.js'), text)
  await copyFile(join(SOUND, 'schema.js'), join(folder, 'dist', 'schema.js'))
  await symlink(NODE_MODULES, join(folder, 'node_modules'))
  const written = {
    name: `im-iad-sound-${fixture}`,
    version: '1.0.0',
    type: 'module',
    keywords: ['im-iad-plugin'],
    files: ['dist'],
    peerDependencies: { '@im-iad/core': '^1.0.0' },
    imIad: { contract: 1, provides: [{ kind, id, entry: './dist/index.js' }, ...provides] },
    ...manifest,
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(written))
  return folder
}
