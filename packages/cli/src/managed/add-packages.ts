import { join } from 'node:path'
import type { InspectedPackage } from '@im-iad/core'
import { inspectPluginPackage } from './inspect-plugin-package.ts'
import { installedNames } from './installed-names.ts'
import { npmFailed, refusedPackages } from './managed-errors.ts'
import { managedDependencies, prepareFolder, restoreFiles } from './managed-folder.ts'
import type { RequestedPackage } from './requested-package.ts'
import { runNpm, type NpmCall } from './run-npm.ts'

/** A package that is now in the managed folder. */
export interface AddedPackage extends InspectedPackage {
  /** The version that was there before; `null` for none. */
  readonly previous: string | null
}

export type NpmSurroundings = Pick<NpmCall, 'folder' | 'environment' | 'signal'>

/**
 * Installs packages into the managed folder, then looks whether each announces plugins that this command can use; else all of it is undone.
 * @throws ImIadError IM_IAD_E_NPM with npm's reason; the package's fault; IM_IAD_E_PLUGIN_FOLDER
 */
export async function addPackages(requested: readonly RequestedPackage[], npm: NpmSurroundings): Promise<readonly AddedPackage[]> {
  const { folder } = npm
  refuseFaulty(requested.flatMap((request) => (request.kind === 'folder' ? [look(request.argument, folder)] : [])))
  const before = await prepareFolder(folder)
  const versions = installedVersions(folder)
  const packages = requested.map((request) => request.argument)
  const outcome = await runNpm({ command: 'install', packages, ...npm })
  if (!outcome.done) {
    await restoreFiles(folder, before)
    throw npmFailed(`cannot install ${packages.join(' ')}`, outcome.code, outcome.reason, folder)
  }
  try {
    const names = installedNames(requested, managedDependencies(folder), folder)
    const inspected = names.map((name) => look(join(folder, 'node_modules', name), folder))
    refuseFaulty(inspected)
    return inspected.map((found) => ({ ...found, previous: versions.get(found.package) ?? null }))
  } catch (error) {
    const isThereMore = await restoreFiles(folder, before)
    if (isThereMore) await runNpm({ command: 'install', packages: [], ...npm, preferCache: true })
    throw error
  }
}

function look(directory: string, folder: string): InspectedPackage {
  const found = inspectPluginPackage(directory, join(folder, 'package.json'))
  if (found === null) throw new RangeError(`npm installed nothing at ${directory}`)
  return found
}

function refuseFaulty(inspected: readonly InspectedPackage[]): void {
  const problems = inspected.flatMap((found) => found.problems)
  if (problems.length > 0) throw refusedPackages(problems)
}

function installedVersions(folder: string): ReadonlyMap<string, string> {
  return new Map(
    [...managedDependencies(folder).keys()].flatMap((name) => {
      const found = inspectPluginPackage(join(folder, 'node_modules', name), join(folder, 'package.json'))
      return found === null ? [] : [[name, found.version] as const]
    }),
  )
}
