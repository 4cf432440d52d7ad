import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { parseJson, runProgram } from './run-program.ts'
import { readManifest, ROOT } from './workspace.ts'

/** Where the tests keep things; all of it may be deleted at any time. */
export interface Sandbox {
  /** The folder of everything. */
  readonly directory: string
  /** The registry's address. */
  readonly registry: string
  /** Downloads. */
  readonly cache: string
}

/**
 * The environment of a stranger's shell: our registry, caches that the tests share, and nothing of the package manager that started the tests. NODE_PATH is empty,
 * so that a package is found where it was installed or not at all.
 */
export function strangersEnvironment({ directory, registry, cache }: Sandbox): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|vitest|node_path$|node_options$|node_env$|im_iad_|init_cwd$)/i.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    NODE_PATH: '',
    NO_COLOR: '1',
    HOME: join(directory, 'home'),
    IM_IAD_HOME: join(directory, 'home', 'im-iad'),
    PATH: [join(directory, 'tools', 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    npm_config_registry: registry,
    npm_config_userconfig: join(directory, 'npmrc'),
    npm_config_cache: join(cache, 'npm'),
    // Where pnpm keeps its store and its knowledge of the registry.
    XDG_DATA_HOME: join(cache, 'data'),
    XDG_CACHE_HOME: join(cache, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    // Its install script only fetches CUDA libraries.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  }
}

/** Makes the sandbox's folders, its npmrc (npm publishes nothing without some token) and the pinned pnpm. */
export async function furnish(sandbox: Sandbox): Promise<void> {
  const { directory, registry, cache } = sandbox
  for (const folder of ['home', 'tools']) await mkdir(join(directory, folder), { recursive: true })
  // What npx installed in an earlier run has the versions of today's packages and not their contents.
  await rm(join(cache, 'npm', '_npx'), { recursive: true, force: true })
  await writeFile(join(directory, 'npmrc'), `//${new URL(registry).host}/:_authToken=anyone\n`)
  const { packageManager } = readManifest(ROOT)
  if (packageManager === undefined) throw new Error('package.json names no packageManager')
  const tools = join(directory, 'tools')
  await runProgram('npm', ['install', '--prefix', tools, packageManager], { cwd: tools, env: strangersEnvironment(sandbox) })
}

/** Packs every published package of a workspace as a release would: `workspace:` and `catalog:` become versions. @returns the archives */
export async function packWorkspace(root: string, destination: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  await runProgram('pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', destination], { cwd: root, env })
  return (await readdir(destination)).map((file) => join(destination, file))
}

/** Packs a package that is in no workspace, as its author would. @returns the archive */
export async function packPackage(directory: string, destination: string, env: NodeJS.ProcessEnv): Promise<string> {
  const packed = await runProgram('npm', ['pack', '--json', '--pack-destination', destination], { cwd: directory, env })
  const [{ filename }] = parseJson<readonly [{ readonly filename: string }]>(packed)
  return join(destination, filename)
}

/** Publishes archives, without a statement of provenance: only a CI service can sign one. */
export async function publishArchives(archives: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await inPairs(archives, (archive) => runProgram('npm', ['publish', archive, '--provenance=false'], { cwd: ROOT, env }))
}

async function inPairs<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += 2) await Promise.all(items.slice(start, start + 2).map(work))
}
