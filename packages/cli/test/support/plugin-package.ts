import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** What a package is to be. Everything has a default that makes a sound plugin. */
export interface PackageDescription {
  readonly name: string
  readonly version?: string
  /** `imIad` of package.json; a paradigm of the package's own name by default, nothing for `null`. */
  readonly imIad?: unknown
  /** More of package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>
  /** The entry, `./index.js`. */
  readonly entry?: string
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** Writes a package. @returns its folder */
export async function writePackage(folder: string, description: PackageDescription): Promise<string> {
  const {
    name,
    version = '1.0.0',
    imIad = announce(paradigmId(name)),
    manifest = {},
    entry = paradigm(paradigmId(name)),
    files = {},
  } = description
  const written: Readonly<Record<string, string | Uint8Array>> = {
    'package.json': JSON.stringify({ name, version, type: 'module', ...(imIad === null ? {} : { imIad }), ...manifest }),
    'index.js': entry,
    ...files,
  }
  for (const [path, content] of Object.entries(written)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

/** Writes a package into `node_modules` of a project, as npm would. */
export function installPackage(project: string, description: PackageDescription): Promise<string> {
  return writePackage(join(project, 'node_modules', description.name), description)
}

/** Writes a project's package.json that depends on packages. */
export async function declarePackages(project: string, ...names: readonly string[]): Promise<void> {
  await mkdir(project, { recursive: true })
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'user', private: true, dependencies: Object.fromEntries(names.map((name) => [name, '*'])) }),
  )
}

/** Packs a package's folder into a tarball in another. @returns the tarball's path */
export async function packPackage(directory: string, into: string): Promise<string> {
  await mkdir(into, { recursive: true })
  const { stdout } = await promisify(execFile)('npm', ['pack', directory, '--json', '--ignore-scripts', '--pack-destination', into])
  const packed: readonly { readonly filename: string }[] = Object.values(JSON.parse(stdout))
  return join(into, packed[0]?.filename ?? '')
}

/** The last part of a package's name. */
export function paradigmId(name: string): string {
  return name.split('/').at(-1) ?? name
}

export function announce(id: string, kind: string = 'paradigm'): object {
  return { contract: 1, provides: [{ kind, id, entry: './index.js' }] }
}

/** The code of a sound paradigm. @param change - members that replace the sound ones, as code */
export function paradigm(id: string, change: string = ''): string {
  return `const json = { type: 'object', properties: {} }
export default {
  contract: 1, kind: 'paradigm', id: ${JSON.stringify(id)}, revision: 1, title: 'made for a test', citation: 'none', scope: 'category',
  parameters: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => json, output: () => json } } },
  plan: () => { throw new Error('not to be run') },
  ${change}
}
`
}

/** The code of an algorithm without outputs of its own. @param create - the body of its `create`, which may import */
export function algorithm(id: string, create: string): string {
  return `const json = { type: 'object', properties: {} }
export default {
  contract: 1, kind: 'algorithm', id: ${JSON.stringify(id)}, revision: 1, title: 'made for a test', citation: 'none', family: 'memory-bank',
  outputs: 'image', supervision: 'none', needs: {}, budgets: { paper: {}, laptop: {}, smoke: {} },
  input: () => ({ resize: { width: 8, height: 8 }, resample: 'bilinear', crop: null }),
  parameters: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => json, output: () => json } } },
  async create() {
    ${create}
  }
}
`
}
