import { ImIadError, type DiscoveredPlugin } from '@im-iad/core'

export function unknownId(id: string, similar: string | undefined): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_UNKNOWN_PLUGIN',
    what: `no plugin has the id "${id}"`,
    fix: similar === undefined ? '"im-iad list" shows what is installed' : `did you mean "${similar}"?`,
  })
}

export function ambiguousId(id: string, matches: readonly DiscoveredPlugin[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_AMBIGUOUS_PLUGIN',
    what: `${matches.length} plugins have the id "${id}"`,
    found: matches
      .map((plugin) => `${plugin.kind} of ${plugin.package}@${plugin.version} in ${plugin.directory} (declared by ${plugin.declaredBy})`)
      .join('\n           '),
    fix: `say which: ${matches.map((plugin) => `${plugin.package}/${plugin.id}`).join(' or ')}`,
  })
}

export function malformedParameter(text: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `cannot read --set ${text}`,
    problem: 'it is not of the form NAME=VALUE',
    fix: 'write it like --set size=64: parameters of the plugin that is checked need no id',
  })
}
