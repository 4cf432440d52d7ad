import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { installedNames } from '../managed/installed-names.ts'
import { inspectPluginPackage } from '../managed/inspect-plugin-package.ts'
import { managedDependencies, prepareFolder } from '../managed/managed-folder.ts'
import { runNpm } from '../managed/run-npm.ts'
import type { PackageSource } from './choose-packages.ts'
import { bundleDiskFull, bundleNpmFailed, missingBinaries, noPluginPackages } from './errors.ts'
import { packWorkspace } from './pack-workspace.ts'
import { isMadeFor, type BundlePlatform } from './platform.ts'
import { sortDependencies } from './sort-dependencies.ts'

export interface InstallRequest {
  readonly sources: readonly PackageSource[]
  readonly platform: BundlePlatform
  /** An empty folder. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** A package that was installed for a bundle. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** Of its tarball, as npm writes it: `sha512-…`; `null` for what did not come from a registry. */
  readonly integrity: string | null
}

export interface InstalledPackages {
  /** By name: those that were asked for, the command's own among them. */
  readonly requested: readonly string[]
  /** All of them, in npm's order. */
  readonly packages: readonly InstalledPackage[]
}

/**
 * Has the user's npm install packages for another platform. No script of any package is run.
 * @throws ImIadError IM_IAD_E_NPM with npm's reason, IM_IAD_E_BUNDLE when binaries are missing, the fault of a package that is no plugin
 */
export async function installPackages({ sources, platform, folder, environment, signal }: InstallRequest): Promise<InstalledPackages> {
  const packed = await packWorkspaces(sources, { folder, environment, signal })
  const requests = sources.flatMap((source) => (source.kind === 'npm' ? [source] : []))
  const packages = [...packed, ...requests.map(({ request }) => request.argument)]
  await prepareFolder(folder)
  const outcome = await runNpm({ command: 'install', packages, folder, environment, signal, flags: flagsFor(platform) })
  if (!outcome.done) {
    signal.throwIfAborted()
    throw outcome.code === 'ENOSPC'
      ? bundleDiskFull(folder, outcome.reason)
      : bundleNpmFailed(sources.map(sourceName), outcome.code, outcome.reason)
  }
  const dependencies = managedDependencies(folder)
  const namesOf = (chosen: typeof requests): readonly string[] =>
    installedNames(
      chosen.map(({ request }) => request),
      dependencies,
      folder,
    )
  refuseOthers(namesOf(requests.filter(({ isInstalled }) => !isInstalled)), folder)
  const workspaceNames = sources.flatMap((source) => (source.kind === 'workspace' ? [source.name] : []))
  return { requested: [...workspaceNames, ...namesOf(requests)].sort(), packages: await readInstalled(folder, platform) }
}

function sourceName(source: PackageSource): string {
  return source.kind === 'npm' ? source.request.argument : source.name
}

/** Without `--libc` npm takes that of this machine. Files are copied rather than linked, and nothing gets a launcher: ours has one. */
function flagsFor({ os, cpu, libc }: BundlePlatform): readonly string[] {
  return [
    `--os=${os}`,
    `--cpu=${cpu}`,
    ...(libc === null ? [] : [`--libc=${libc}`]),
    '--install-links=true',
    '--install-strategy=hoisted',
    '--bin-links=false',
    '--package-lock=true',
    '--omit=dev',
    '--include=optional',
    '--include=peer',
  ]
}

type Entry = readonly [path: string, facts: z.infer<typeof LOCK>['packages'][string]]

/** Where packages of a workspace are packed, below the folder that npm installs into. */
const ARCHIVES = 'archives'

type Surroundings = Pick<InstallRequest, 'folder' | 'environment' | 'signal'>

async function packWorkspaces(sources: readonly PackageSource[], { folder, ...rest }: Surroundings): Promise<readonly string[]> {
  const members = sources.flatMap((source) => (source.kind === 'workspace' ? [source] : []))
  const archives: string[] = []
  for (const root of new Set(members.map((member) => member.root))) {
    const destination = join(folder, ARCHIVES, String(archives.length))
    await mkdir(destination, { recursive: true })
    const names = members.filter((member) => member.root === root).map(({ name }) => name)
    archives.push(...(await packWorkspace({ root, names, destination, ...rest })))
  }
  return archives
}

/** What was asked for by name has to be a plugin: a word that was mistyped may be some other package of the registry. */
function refuseOthers(names: readonly string[], folder: string): void {
  const problems = names.flatMap(
    (name) => inspectPluginPackage(join(folder, 'node_modules', name), join(folder, 'package.json'))?.problems ?? [],
  )
  if (problems.length > 0) throw noPluginPackages(problems)
}

const LIST = z.array(z.string()).optional()
const LOCK = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      os: LIST,
      cpu: LIST,
      libc: LIST,
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

async function readInstalled(folder: string, platform: BundlePlatform): Promise<readonly InstalledPackage[]> {
  const lock = LOCK.parse(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')))
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '')
  const absent = entries.filter(([path]) => !existsSync(join(folder, path)))
  const left = absent.filter(([, { os, cpu, libc }]) => isMadeFor({ os, cpu, libc }, platform)).map(([path]) => packageName(path))
  const missing = [...left, ...unheardOf(entries, platform)]
  if (missing.length > 0) throw missingBinaries(missing, platform.name)
  const present = entries.filter((entry) => !absent.includes(entry))
  for (const [path, { resolved }] of present)
    if (resolved?.startsWith(`file:${ARCHIVES}/`) === true) await sortDependencies(join(folder, path, 'package.json'))
  return present.map(([path, { version = '?', resolved, integrity }]) => ({
    name: packageName(path),
    version,
    // A tarball of this machine's own says nothing to others, and pnpm's are not the same twice.
    integrity: resolved?.startsWith('file:') === true ? null : (integrity ?? null),
  }))
}

/** Optional packages that npm found nowhere are in no list of its; by their names they are binaries for this platform. */
function unheardOf(entries: readonly Entry[], { os, cpu, libc }: BundlePlatform): readonly string[] {
  const known = new Set(entries.map(([path]) => packageName(path)))
  return entries
    .flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !known.has(name) && name.includes(os) && name.includes(cpu) && !(libc === 'glibc' && name.includes('musl')))
}

function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
