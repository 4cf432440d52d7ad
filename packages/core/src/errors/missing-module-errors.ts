import { declaredDependency, type ImportingPlugin, type MissingModule } from '../registry/missing-module.ts'
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
