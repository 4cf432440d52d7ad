import { isAbsolute } from 'node:path'
import type { PlaceRole } from '../discovery/discovered-plugin.ts'
import { readPackageManifest, type DependencyField } from '../discovery/package-manifest.ts'

/** What an import did not find. */
export type MissingModule =
  /** A package; `importer` is the file that asks for it, `null` where the error does not say. */
  | { readonly kind: 'package'; readonly name: string; readonly importer: string | null }
  /** A file, by its absolute path: a package is incomplete. */
  | { readonly kind: 'file'; readonly path: string }

/**
 * What an error of `import` or `require` says is missing, looking through its causes: plugins wrap them.
 * @returns `null` for any other error
 */
export function missingModule(error: unknown): MissingModule | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const code = 'code' in cause ? cause.code : null
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') continue
    const [, specifier] = /^Cannot find (?:package|module) '(?<specifier>[^']+)'/.exec(cause.message) ?? []
    if (specifier === undefined) continue
    if (isAbsolute(specifier) || specifier.startsWith('.')) return { kind: 'file', path: specifier }
    return { kind: 'package', name: packageOf(specifier), importer: importerOf(cause.message) }
  }
  return null
}

/** `@scope/name/sub/path` and `name/sub` are of packages `@scope/name` and `name`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function importerOf(message: string): string | null {
  const [, importer] = / imported from (?<importer>.+)$/m.exec(message) ?? /^Require stack:\n- (?<importer>.+)$/m.exec(message) ?? []
  return importer ?? null
}

/** Where an import fails: enough of a plugin to say what to install where. */
export interface ImportingPlugin {
  readonly package: string
  readonly directory: string
  readonly declaredBy: string
  readonly foundIn: PlaceRole
}

/** How a plugin's package.json names a package that it imports. */
export interface DeclaredDependency {
  /** `null` when it names it nowhere. */
  readonly field: DependencyField | null
  readonly range: string | null
}

const FIELDS: readonly DependencyField[] = ['peerDependencies', 'optionalDependencies', 'dependencies']

export function declaredDependency({ directory }: ImportingPlugin, name: string): DeclaredDependency {
  const file = readPackageManifest(directory)
  if (file.state !== 'read') return { field: null, range: null }
  const field = FIELDS.find((candidate) => file.manifest.range(candidate, name) !== null) ?? null
  return { field, range: field === null ? null : file.manifest.range(field, name) }
}
