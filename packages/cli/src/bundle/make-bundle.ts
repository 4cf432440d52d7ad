import { mkdtemp, realpath, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { discover, isImIadError, RECORD_SCHEMA, type DiscoveredPlugin } from '@im-iad/core'
import { entriesBelow, sortEntries, textEntry, type BundleEntry } from './bundle-entries.ts'
import { bundleReadme } from './bundle-readme.ts'
import { weightsEntries, type AvailableWeights } from './bundled-weights.ts'
import type { PackageSource } from './choose-packages.ts'
import { bundleDiskFull, bundleExists, noBundleFolder, unwritableBundle } from './errors.ts'
import { installPackages, type InstalledPackage } from './install-packages.ts'
import type { BundlePlatform } from './platform.ts'
import { pruneBinaries, type Pruned } from './prune-binaries.ts'
import { writeArchive, type WrittenArchive } from './write-archive.ts'

export interface BundleRequest {
  readonly platform: BundlePlatform
  readonly sources: readonly PackageSource[]
  readonly weights: readonly AvailableWeights[]
  /** The archive to write. */
  readonly file: string
  /** The folder inside it. */
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** What is about to be done, for people. */
  readonly onStep: (text: string) => void
}

/** A bundle that was written. */
export interface Bundle extends WrittenArchive {
  readonly file: string
  readonly packages: readonly InstalledPackage[]
  /** Names of those that were asked for. */
  readonly requested: readonly string[]
  readonly plugins: readonly Pick<DiscoveredPlugin, 'kind' | 'id' | 'package' | 'version'>[]
  readonly pruned: Pruned
}

/**
 * Makes one archive with packages, their binaries for a platform and weights. The file appears whole or not at all.
 * @throws ImIadError IM_IAD_E_EXISTS, IM_IAD_E_BUNDLE, IM_IAD_E_NPM, IM_IAD_E_DISK_FULL, IM_IAD_E_WEIGHTS
 */
export async function makeBundle(request: BundleRequest): Promise<Bundle> {
  const { platform, file, signal, onStep } = request
  await refuseTarget(file)
  const staging = await realpath(await mkdtemp(join(tmpdir(), 'im-iad-bundle-')))
  const partial = `${file}.partial`
  try {
    onStep(`bringing the packages for ${platform.name} together with npm`)
    const { requested, packages } = await installPackages({ ...request, folder: staging })
    const nodeModules = join(staging, 'node_modules')
    const pruned = await pruneBinaries(nodeModules, platform)
    const plugins = pluginsIn(staging)
    const entries = await bundleEntries(request, { requested, packages, plugins }, nodeModules)
    signal.throwIfAborted()
    onStep(`packing ${entries.length} files`)
    const written = await writeArchive({ target: partial, root: request.root, entries, signal })
    await rename(partial, file)
    return { ...written, file, packages, requested, plugins, pruned }
  } catch (error) {
    throw writingError(error, file)
  } finally {
    await rm(partial, { force: true })
    await rm(staging, { recursive: true, force: true })
  }
}

async function refuseTarget(file: string): Promise<void> {
  const exists = await stat(file).then(
    () => true,
    () => false,
  )
  if (exists) throw bundleExists(file)
  const folder = await stat(dirname(file)).catch(() => null)
  if (folder?.isDirectory() !== true) throw noBundleFolder(dirname(file))
}

/** What the command will find there, by its package.json files. */
function pluginsIn(staging: string): Bundle['plugins'] {
  const { plugins } = discover({
    workingDirectory: join(staging, 'node_modules'),
    commandDirectory: join(staging, 'node_modules', '@im-iad', 'cli'),
    requested: [],
    managedDirectory: join(staging, 'home', 'plugins'),
  })
  return plugins
    .map(({ kind, id, package: name, version }) => ({ kind, id, package: name, version }))
    .sort((left, right) => (`${left.kind} ${left.id} ${left.package}` < `${right.kind} ${right.id} ${right.package}` ? -1 : 1))
}

/** The files that make a folder of packages a program: launchers for both kinds of shells, the installer. */
const OWN_FILES = fileURLToPath(new URL('../../bundle/', import.meta.url))

type Installed = Pick<Bundle, 'requested' | 'packages' | 'plugins'>

async function bundleEntries(
  { platform, root, weights }: BundleRequest,
  { requested, packages, plugins }: Installed,
  nodeModules: string,
): Promise<readonly BundleEntry[]> {
  const versions = Object.fromEntries(requested.map((name) => [name, packages.find((one) => one.name === name)?.version ?? '*']))
  const own = (name: string, path: string, isExecutable: boolean): BundleEntry => ({
    path,
    content: { file: join(OWN_FILES, name) },
    isExecutable,
    sha256: null,
  })
  const facts = {
    schema: RECORD_SCHEMA,
    name: root,
    platform,
    packages,
    plugins,
    weights: weights.map(({ backbone, file, size, sha256, license }) => ({ backbone, file, size, sha256, license })),
  }
  const asked = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  return sortEntries([
    own('im-iad.cjs', 'bin/im-iad', true),
    own('im-iad.cmd', 'bin/im-iad.cmd', true),
    own('install.mjs', 'install.mjs', true),
    textEntry('README.md', bundleReadme({ platform, packages: asked, plugins, weights })),
    textEntry('bundle.json', `${JSON.stringify(facts, null, 2)}\n`),
    textEntry('package.json', `${JSON.stringify({ name: 'im-iad-bundle', private: true, dependencies: versions }, null, 2)}\n`),
    ...(await weightsEntries(weights)),
    ...(await entriesBelow(nodeModules, 'node_modules')),
  ])
}

/** An error of the file system, as ours. */
function writingError(error: unknown, file: string): unknown {
  if (isImIadError(error) || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return bundleDiskFull(dirname(file), error)
  return ['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'EFBIG', 'EIO', 'ENOTDIR'].includes(String(error.code))
    ? unwritableBundle(file, error)
    : error
}
