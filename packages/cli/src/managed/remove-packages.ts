import type { NpmSurroundings } from './add-packages.ts'
import { npmFailed } from './managed-errors.ts'
import { managedDependencies } from './managed-folder.ts'
import { runNpm } from './run-npm.ts'

export interface RemovedPackages {
  readonly removed: readonly string[]
  /** Names that were not there. */
  readonly absent: readonly string[]
}

/**
 * Uninstalls packages from the managed folder; what is not there is as it should be.
 * @throws ImIadError IM_IAD_E_NPM with npm's reason
 */
export async function removePackages(names: readonly string[], npm: NpmSurroundings): Promise<RemovedPackages> {
  const { folder } = npm
  const present = managedDependencies(folder)
  const wanted = [...new Set(names)]
  const removed = wanted.filter((name) => present.has(name))
  const absent = wanted.filter((name) => !present.has(name))
  if (removed.length === 0) return { removed, absent }
  const outcome = await runNpm({ command: 'uninstall', packages: removed, ...npm })
  if (!outcome.done) throw npmFailed(`cannot remove ${removed.join(' ')}`, outcome.code, outcome.reason, folder)
  return { removed, absent }
}
