import { findPackage, inspectPackage, readPackageManifest, type DiscoveryProblem, type InspectedPackage } from '@im-iad/core'

const CORE = '@im-iad/core'

/**
 * Whether the package in a folder announces plugins for this contract, and finds `@im-iad/core` if it asks for it. Reads files only: nothing of the
 * package is run.
 * @returns `null` where there is no package
 */
export function inspectPluginPackage(directory: string, declaredBy: string): InspectedPackage | null {
  const inspected = inspectPackage({ directory, declaredBy, foundIn: 'managed' })
  return inspected === null ? null : { ...inspected, problems: [...inspected.problems, ...missingCore(inspected, declaredBy)] }
}

/** npm installs peers, but not those of a folder that it links: such a folder has its own node_modules. */
function missingCore({ directory, package: name, version }: InspectedPackage, declaredBy: string): readonly DiscoveryProblem[] {
  const file = readPackageManifest(directory)
  const asks = file.state === 'read' && file.manifest.dependencies(['dependencies', 'peerDependencies']).includes(CORE)
  if (!asks || findPackage(CORE, directory).state === 'found') return []
  return [
    {
      severity: 'error',
      code: 'IM_IAD_E_MISSING_PACKAGE',
      package: name,
      version,
      path: directory,
      declaredBy,
      problem: `it needs ${CORE}, which is not installed where it looks for it`,
      fix: `run "npm install" in ${directory}, or add it as a tarball: npm pack`,
    },
  ]
}
