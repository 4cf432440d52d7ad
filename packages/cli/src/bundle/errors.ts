import { ImIadError, nearest, type DiscoveryProblem } from '@im-iad/core'
import { npmFix } from '../managed/managed-errors.ts'

export function unknownPlatform(text: string, platforms: readonly string[]): ImIadError {
  const similar = nearest(text, platforms)
  return new ImIadError({
    code: 'IM_IAD_E_PLATFORM',
    what: `no bundle can be made for "${text}"`,
    problem: 'sharp and onnxruntime-node publish no binaries for it, or it is written otherwise',
    fix: similar === undefined ? `one of ${platforms.join(', ')}` : `did you mean "${similar}"? One of ${platforms.join(', ')}`,
  })
}

export function bundleExists(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXISTS',
    what: 'there is such a file already; nothing was changed',
    found: file,
    fix: 'delete it, or name another with --out',
  })
}

export function noBundleFolder(folder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: 'cannot write the bundle',
    found: folder,
    problem: 'there is no such folder',
    fix: 'make the folder first, or name another file with --out',
  })
}

/** npm could not bring together what the bundle is to hold. @param reason - npm's own, in one line */
export function bundleNpmFailed(packages: readonly string[], code: string, reason: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NPM',
    what: 'cannot bring the packages together; no bundle was written',
    found: packages.join(' '),
    problem: `npm says ${code}: ${reason}`,
    fix: npmFix(code),
  })
}

export function packingFailed(packages: readonly string[], root: string, reason: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: `cannot pack ${packages.join(' ')} of a workspace; no bundle was written`,
    found: root,
    problem: reason,
    fix: 'mend what is named, with a network for npm to get pnpm from; then install and build the workspace again: npm run setup',
  })
}

export function noPluginPackages(problems: readonly DiscoveryProblem[]): ImIadError {
  const distinct = (texts: readonly string[]): string => [...new Set(texts)].join('; ')
  return new ImIadError({
    code: problems[0]?.code ?? 'IM_IAD_E_MANIFEST',
    what: `${distinct(problems.map((problem) => `${problem.package}@${problem.version}`))} cannot be bundled; no bundle was written`,
    problem: distinct(problems.map((problem) => problem.problem)),
    fix: distinct(problems.map((problem) => problem.fix)),
  })
}

/** npm passes over optional packages that it can't get, without an error. */
export function missingBinaries(packages: readonly string[], platform: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: `the binaries for ${platform} did not come; no bundle was written`,
    found: packages.join(', '),
    problem: 'npm left out optional packages that are made for it; the registry did not give them',
    fix: 'try again; have your registry mirror these packages as well',
  })
}

export function noBinariesFor(packages: readonly string[], platform: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: `${packages.join(', ')} cannot work on ${platform}; no bundle was written`,
    problem: 'it holds binaries, and all of them are for other systems or processors',
    fix: 'leave out the plugin that needs it, or ask its authors for binaries',
  })
}

export function linkInBundle(path: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: 'a bundle cannot hold links; none was written',
    found: path,
    problem: 'it leads out of its package, to a place that the other machine does not have',
    fix: 'pack the package that it leads to (npm pack), and depend on the tarball',
  })
}

export function bundleDiskFull(place: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DISK_FULL',
    what: 'no space left for the bundle; none was written',
    found: place,
    fix: 'make room; packages are unpacked in the folder for temporary files (another with TMPDIR, on Windows TEMP), and the archive is written with --out',
    cause,
  })
}

export function unwritableBundle(file: string, cause: Error): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BUNDLE',
    what: 'cannot write the bundle',
    found: file,
    problem: cause.message,
    fix: 'name a file in a folder that you may write to with --out',
    cause,
  })
}

export function weightsNotHere(id: string, folder: string, known: readonly string[]): ImIadError {
  const similar = nearest(id, known)
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: `there are no weights "${id}" to bundle`,
    found: folder,
    problem: known.length === 0 ? 'the folder holds none' : `it holds those of ${known.join(', ')}`,
    fix: similar === undefined ? `im-iad weights pull ${id}` : `did you mean "${similar}"?`,
  })
}

export function damagedBundleWeights(path: string, expected: string, actual: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'weights that were to be bundled are damaged; no bundle was written',
    found: path,
    problem: `the SHA-256 is ${actual}; it should be ${expected}`,
    fix: '"im-iad weights verify" names the backbone; pull or add its weights again',
  })
}
