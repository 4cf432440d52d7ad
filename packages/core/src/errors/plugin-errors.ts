import { ImIadError } from '@im-iad/errors'
import type { PluginKind } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, DiscoveryProblem } from '../discovery/discovered-plugin.ts'

export function unknownPlugin(
  kind: PluginKind,
  id: string,
  similar: string | undefined,
  known: readonly string[],
  problems: readonly DiscoveryProblem[],
): ImIadError {
  const broken = problems.filter((problem) => problem.severity === 'error').length
  const left = broken === 0 ? '' : ` (${broken} plugin problem${broken === 1 ? '' : 's'}: im-iad plugins doctor)`
  return new ImIadError({
    code: 'IM_IAD_E_UNKNOWN_PLUGIN',
    what: `there is no ${kind} "${id}"`,
    problem: (known.length === 0 ? `no ${kind} is installed` : `installed are ${known.join(', ')}`) + left,
    fix: similar === undefined ? `install the package that provides it, then look at "im-iad list ${kind}s"` : `did you mean "${similar}"?`,
  })
}

export function ambiguousPlugin(kind: PluginKind, id: string, candidates: readonly DiscoveredPlugin[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_AMBIGUOUS_PLUGIN',
    what: `${kind} "${id}" is provided by ${candidates.length} packages`,
    found: candidates.map((plugin) => `${plugin.package}@${plugin.version} in ${plugin.directory}`).join('\n           '),
    fix: `say which: ${candidates.map((plugin) => `${plugin.package}/${plugin.id}`).join(' or ')}`,
  })
}

export function unloadablePlugin(plugin: DiscoveredPlugin, problem: string, cause?: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN',
    what: `cannot load ${plugin.kind} "${plugin.id}" from ${plugin.package}@${plugin.version}`,
    found: `${plugin.entry} (declared by ${plugin.declaredBy})`,
    problem,
    fix: `npm i ${plugin.package}@latest, or tell its author; the other plugins are not affected`,
    cause,
  })
}
