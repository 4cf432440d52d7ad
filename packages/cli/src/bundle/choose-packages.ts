import { existsSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { readPackageManifest, type DependencyField, type DiscoveredPlugin } from '@im-iad/core'
import { parseRequest, type RequestedPackage } from '../managed/requested-package.ts'

/** Where a bundle takes a package from. */
export type PackageSource =
  /** As npm gets it. `isInstalled`: it was found here and has been looked at. */
  | { readonly kind: 'npm'; readonly request: RequestedPackage; readonly isInstalled: boolean }
  /** From the checkout of a pnpm workspace, whose `workspace:` and `catalog:` ranges only pnpm can replace. */
  | { readonly kind: 'workspace'; readonly name: string; readonly root: string }

export interface PackageChoice {
  /** What the user named: ids or names of plugins that are found here, or what `im-iad plugins add` takes. Empty: all that is found here. */
  readonly named: readonly string[]
  readonly found: readonly DiscoveredPlugin[]
  /** The command's own package folder, by its real path. */
  readonly commandDirectory: string
  readonly workingDirectory: string
}

/**
 * The packages that a bundle is asked to hold, the command's own first; what they depend on comes by itself.
 * @throws ImIadError IM_IAD_E_PLUGIN_REQUEST
 */
export function choosePackages({ named, found, commandDirectory, workingDirectory }: PackageChoice): readonly PackageSource[] {
  const chosen =
    named.length === 0 ? foundPackages(found, commandDirectory) : named.map((text) => namedPackage(text, found, workingDirectory))
  const sources = [installedPackage(commandDirectory, null), ...chosen]
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()]
}

/** All that was found, but what comes with the command anyway. */
function foundPackages(found: readonly DiscoveredPlugin[], commandDirectory: string): readonly PackageSource[] {
  const file = readPackageManifest(commandDirectory)
  const own = file.state === 'read' ? file.manifest.dependencies(['dependencies']) : []
  return found.filter((plugin) => !own.includes(plugin.package)).map((plugin) => installedPackage(plugin.directory, plugin.declaredBy))
}

function namedPackage(text: string, found: readonly DiscoveredPlugin[], workingDirectory: string): PackageSource {
  const plugin = found.find((one) => [one.id, one.package, `${one.package}/${one.id}`].includes(text))
  if (plugin !== undefined) return installedPackage(plugin.directory, plugin.declaredBy)
  const request = parseRequest(text, workingDirectory)
  return (request.kind === 'folder' ? workspacePackage(request.argument) : null) ?? { kind: 'npm', request, isInstalled: false }
}

/** A package that is installed here, at that version; what no registry need know (a folder, a linked checkout) as the files that are here. */
function installedPackage(directory: string, declaredBy: string | null): PackageSource {
  const file = readPackageManifest(directory)
  const isInstalled = true
  if (file.state === 'read' && directory.split(sep).includes('node_modules') && !isLocal(file.manifest.name, declaredBy)) {
    const { name, version } = file.manifest
    return { kind: 'npm', request: { kind: 'registry', name, argument: `${name}@${version}` }, isInstalled }
  }
  return workspacePackage(directory) ?? { kind: 'npm', request: { kind: 'folder', argument: directory }, isInstalled }
}

const FIELDS: readonly DependencyField[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** Whether whoever declares it takes it from a file: such a version need not be in a registry. */
function isLocal(name: string, declaredBy: string | null): boolean {
  if (declaredBy === null) return false
  const file = readPackageManifest(dirname(declaredBy))
  return file.state === 'read' && FIELDS.some((field) => /^(file|link|portal|workspace):/.test(file.manifest.range(field, name) ?? ''))
}

function workspacePackage(directory: string): PackageSource | null {
  const file = readPackageManifest(directory)
  if (file.state !== 'read') return null
  const { manifest } = file
  const ranges = FIELDS.flatMap((field) => manifest.dependencies([field]).map((name) => manifest.range(field, name) ?? ''))
  if (!ranges.some((range) => /^(workspace|catalog):/.test(range))) return null
  const root = workspaceRoot(directory)
  return root === null ? null : { kind: 'workspace', name: manifest.name, root }
}

function workspaceRoot(directory: string): string | null {
  if (existsSync(join(directory, 'pnpm-workspace.yaml'))) return directory
  const parent = resolve(directory, '..')
  return parent === directory ? null : workspaceRoot(parent)
}
