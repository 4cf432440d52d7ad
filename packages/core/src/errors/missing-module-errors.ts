import { isAbsolute, relative, sep } from 'node:path'
import { ImIadError } from '@im-iad/errors'
import { declaredDependency, missingModule, type ImportingPlugin, type MissingModule } from '../registry/missing-module.ts'
import type { PluginLocation } from '../store/record.ts'
import { installBeside } from './discovery-problems.ts'

/** What to say of an import that found nothing: a clause, and the command that mends it. */
export interface MissingModuleFacts {
  readonly code: 'IM_IAD_E_MISSING_PACKAGE' | 'IM_IAD_E_ENTRY'
  readonly problem: string
  readonly fix: string
}

/** @param plugin - whose import it is; `null` where nobody knows */
export function missingModuleFacts(missing: MissingModule, plugin: ImportingPlugin | null): MissingModuleFacts {
  if (missing.kind === 'file')
    return {
      code: 'IM_IAD_E_ENTRY',
      problem: `the file ${missing.path} does not exist`,
      fix: 'build the package, or install it again if it came from a registry',
    }
  const { name } = missing
  if (plugin === null) return { code: 'IM_IAD_E_MISSING_PACKAGE', problem: `the package "${name}" is not installed`, fix: `npm i ${name}` }
  const { field, range } = declaredDependency(plugin, name)
  const role = field === null ? `which its package.json does not name` : ROLES[field]
  const wanted = range === null || /^(workspace|catalog|link|file):/.test(range) ? name : quoteForShells(`${name}@${range}`)
  return {
    code: 'IM_IAD_E_MISSING_PACKAGE',
    problem: `it needs the package "${name}", ${role} and which is not installed`,
    fix: installBeside(wanted, plugin) + (field === null ? `; and tell the author of ${plugin.package}` : ''),
  }
}

/**
 * The error of a plugin that imports what is not there while it works: heavy libraries are loaded when they are needed.
 * @param plugins - that take part; whose import it is, the importing file tells
 * @returns `null` for any other error
 */
export function missingImport(error: unknown, plugins: readonly PluginLocation[]): ImIadError | null {
  const missing = missingModule(error)
  if (missing === null) return null
  const place = missing.kind === 'file' ? missing.path : (missing.importer ?? '')
  const importing = plugins.find(({ directory }) => isBelow(directory, place)) ?? null
  const { code, problem, fix } = missingModuleFacts(missing, importing)
  return new ImIadError({
    code,
    what: importing === null ? 'something that a plugin uses is not installed' : `${importing.kind} "${importing.id}" cannot go on`,
    found:
      importing === null
        ? place
        : `${importing.package}@${importing.version} in ${importing.directory} (declared by ${importing.declaredBy})`,
    problem: importing === null ? `${problem}: ${place} asks for it` : problem,
    fix,
    cause: error,
  })
}

/** A package's own files, without those of packages installed in it. */
function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '' && !isAbsolute(way) && !way.split(sep).some((part) => part === '..' || part === 'node_modules')
}

const ROLES = {
  peerDependencies: 'which it leaves to its users (a peer dependency)',
  optionalDependencies: 'which is optional',
  dependencies: 'which is one of its dependencies',
  devDependencies: 'which is one of its development dependencies',
} as const

/** `^1 || ^2`, `>=3` and `*` mean something else to a shell. */
function quoteForShells(text: string): string {
  return /^[\w@/.^~-]+$/.test(text) ? text : `"${text}"`
}
